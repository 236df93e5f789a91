// Phase two: tells the blob trigger about every scan. Only after the code is deployed, because the address holds a key
// that the blobs extension makes at its first start; infra/wait_for_functions.py waits for it.
targetScope = 'resourceGroup'

@description('Name of the function app.')
param functionAppName string

@description('Name of the storage account of the documents.')
param storageAccountName string

@description('Name of the Event Grid system topic.')
param eventTopicName string

@description('Name of the blob-triggered function. Event Grid is told "accepted" even when it is wrong, and the event is lost.')
param functionName string = 'take_in_scan'

@description('Container that scans are dropped in.')
param scansContainer string = 'scans'

@description('Container for events that could not be delivered.')
param undeliveredContainer string = 'undelivered-events'

var address = 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/blobs'
// Read by the deployment itself and never put out; docs/security.md says who can read it afterwards.
var systemKey = listKeys('${functionApp.id}/host/default', '2024-04-01').systemKeys.blobs_extension

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageAccountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: eventTopicName
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'scans'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: '${address}?functionName=Host.Functions.${functionName}&code=${systemKey}'
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
        minimumTlsVersionAllowed: '1.2'
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.Storage.BlobCreated'
      ]
      subjectBeginsWith: '/blobServices/default/containers/${scansContainer}/blobs/'
      // Only calls that complete a blob; others announce files the scanner is still writing.
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.api'
          values: [
            'CopyBlob'
            'FlushWithClose'
            'PutBlob'
            'PutBlockList'
            'SftpCommit'
          ]
        }
      ]
    }
    // The longest and most often Event Grid offers: a whole day of outage loses nothing.
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: storage.id
          blobContainerName: undeliveredContainer
        }
      }
    }
  }
}

@description('Name of the event subscription.')
output EVENT_SUBSCRIPTION_NAME string = subscription.name
