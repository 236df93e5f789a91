// One department's topic with a subscription for each of its channels.

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Name of the topic.')
@maxLength(260)
param name string

@description('The channels of the department; each is the name of its subscription.')
param subscriptions array

@description('The events each channel listens to, by channel.')
param channels object

@description('Lock, delivery count, duplicate window and time to live, shared by all entities.')
param limits object

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: name
  properties: {
    defaultMessageTimeToLive: limits.timeToLive
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: limits.duplicateWindow
  }
}

module subscription 'subscription.bicep' = [for channel in subscriptions: {
  name: '${name}-${channel}'
  params: {
    namespaceName: namespaceName
    topicName: topic.name
    name: channel
    events: channels[channel].events
    limits: limits
  }
}]
