// One channel's subscription. Its rules match events, or a retried copy addressed to this channel alone.
// Azure removes the catch-all rule `$Default` when the first rule is made; `podatelna doctor --azure` checks that it did.

@description('Name of the Service Bus namespace.')
param namespaceName string

@description('Name of the department\'s topic.')
param topicName string

@description('Name of the channel and of its subscription.')
@maxLength(50)
param name string

@description('Events the channel listens to.')
@minLength(1)
param events array

@description('Lock, delivery count, duplicate window and time to live, shared by all entities.')
param limits object

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: namespace
  name: topicName
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: topic
  name: name
  properties: {
    lockDuration: limits.lockDuration
    maxDeliveryCount: limits.maxDeliveryCount
    defaultMessageTimeToLive: limits.timeToLive
    deadLetteringOnMessageExpiration: true
    deadLetteringOnFilterEvaluationExceptions: true
  }
}

resource eventRule 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [for event in events: {
  parent: subscription
  name: 'event-${event}'
  properties: {
    filterType: 'CorrelationFilter'
    correlationFilter: {
      properties: {
        event: event
      }
    }
  }
}]

resource targetRule 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = {
  parent: subscription
  name: 'target'
  properties: {
    filterType: 'CorrelationFilter'
    correlationFilter: {
      properties: {
        target: name
      }
    }
  }
}
