// The queues between stages and one topic per department; names and rules as shared/entities.py describes them.

@description('Name of the namespace.')
@minLength(6)
@maxLength(50)
param name string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('The departments of config/departments.yaml.')
param departments array

@description('The events each channel listens to, by channel; `channels` of config/departments.yaml.')
param channels object

@description('Queues between stages.')
param queues array

@description('Whether only private endpoints may reach the namespace; needs the Premium tier.')
param privateNetworking bool

@description('Workspace that diagnostics go to.')
param workspaceId string

// Shared by queues and topics. Five minutes is the longest lock Service Bus allows; the host renews it.
var limits = {
  lockDuration: 'PT5M'
  maxDeliveryCount: 10
  duplicateWindow: 'PT10M'
  timeToLive: 'P14D'
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: privateNetworking ? 'Premium' : 'Standard'
    tier: privateNetworking ? 'Premium' : 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for item in queues: {
  parent: namespace
  name: item
  properties: {
    lockDuration: limits.lockDuration
    maxDeliveryCount: limits.maxDeliveryCount
    defaultMessageTimeToLive: limits.timeToLive
    deadLetteringOnMessageExpiration: true
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: limits.duplicateWindow
  }
}]

// See storage.bicep on this API version.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

module topic 'topic.bicep' = [for department in departments: {
  name: 'topic-${department.id}'
  params: {
    namespaceName: namespace.name
    name: 'dept-${department.id}'
    subscriptions: department.channels
    channels: channels
    limits: limits
  }
}]

@description('Name of the namespace.')
output name string = namespace.name

@description('Resource id of the namespace.')
output id string = namespace.id

@description('Host name that clients connect to.')
output hostName string = '${namespace.name}.servicebus.windows.net'
