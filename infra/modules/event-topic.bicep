// The Event Grid system topic of the documents' storage. A storage account has at most one: Defender or another
// product may own it already, and then it is used as it is. What is subscribed to it comes later, in ../events.bicep.

@description('Name of the topic to make.')
param name string

@description('Name of a system topic that the storage account already has; empty makes one.')
param existingName string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Resource id of the storage account that raises the events.')
param storageId string

@description('Workspace that diagnostics go to.')
param workspaceId string

resource present 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (!empty(existingName)) {
  name: empty(existingName) ? name : existingName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingName)) {
  name: name
  location: location
  tags: tags
  // It writes undeliverable events to the storage account as this identity.
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: storageId
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

// See storage.bicep on this API version.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (empty(existingName)) {
  scope: topic
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'DeliveryFailures'
        enabled: true
      }
    ]
  }
}

@description('Name of the topic.')
output name string = empty(existingName) ? name : existingName

@description('Resource id of the topic.')
output id string = empty(existingName) ? topic!.id : present!.id

@description('Object id of the topic\'s own identity.')
output principalId string = empty(existingName) ? topic!.identity.principalId : present!.identity.principalId
