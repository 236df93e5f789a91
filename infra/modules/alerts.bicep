// What wakes somebody up. Every alert names its runbook: a heading of docs/operations.md.

@description('Prefix of the alerts\' names.')
param prefix string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Action group that hears every alert.')
param actionGroupId string

@description('Workspace that log alerts query.')
param workspaceId string

@description('Service Bus namespace.')
param serviceBusId string

@description('Event Grid system topic.')
param eventTopicId string

@description('Document Intelligence account.')
param recognitionId string

@description('Minutes within which a scanned document should be delivered.')
@minValue(10)
param deliveryMinutes int

@description('Where the runbooks are; an address that ends before the # of a heading.')
param runbooks string

var onMetric = [
  {
    name: 'dead-letters'
    says: 'A Service Bus queue or subscription has dead letters: documents that gave up.'
    severity: 1
    on: serviceBusId
    namespace: 'Microsoft.ServiceBus/namespaces'
    metric: 'DeadletteredMessages'
    by: 'EntityName'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
  }
  {
    name: 'event-delivery'
    says: 'Event Grid could not deliver the news of a scan and set the event aside.'
    severity: 1
    on: eventTopicId
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeadLetteredCount'
    by: 'EventSubscriptionName'
    aggregation: 'Total'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'events-dropped'
    says: 'Event Grid dropped events altogether; reconciliation will find the scans.'
    severity: 1
    on: eventTopicId
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DroppedEventCount'
    by: 'EventSubscriptionName'
    aggregation: 'Total'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'ocr-throttled'
    says: 'Document Intelligence refused calls because of its quota (429).'
    severity: 2
    on: recognitionId
    namespace: 'Microsoft.CognitiveServices/accounts'
    metric: 'BlockedCalls'
    by: 'ApiName'
    aggregation: 'Total'
    threshold: 20
    window: 'PT15M'
  }
]

// `window` is how far back the query looks, `every` how often it runs.
var onLogs = [
  {
    name: 'poisoned-scans'
    says: 'A scan failed five times and went to the poison queue.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../queries/alert-poisoned-scans.kql')
  }
  {
    name: 'not-delivered'
    says: 'A document was received and is neither delivered nor in review within the promised time.'
    severity: 1
    every: 'PT10M'
    window: 'P1D'
    query: replace(loadTextContent('../queries/alert-not-delivered.kql'), '{minutes}', string(deliveryMinutes))
  }
  {
    name: 'backlog-age'
    says: 'The oldest waiting message is older than the promised time.'
    severity: 2
    every: 'PT10M'
    window: 'PT30M'
    query: replace(loadTextContent('../queries/alert-backlog-age.kql'), '{minutes}', string(deliveryMinutes))
  }
  {
    name: 'sharepoint-refused'
    says: 'Microsoft Graph answered 403: the permission on a department\'s site is missing or was taken away.'
    severity: 1
    every: 'PT10M'
    window: 'PT30M'
    query: loadTextContent('../queries/alert-sharepoint-refused.kql')
  }
  {
    name: 'webhook-failing'
    says: 'A department\'s Teams workflow does not take cards.'
    severity: 2
    every: 'PT10M'
    window: 'PT30M'
    query: loadTextContent('../queries/alert-webhook-failing.kql')
  }
  {
    name: 'nothing-scanned'
    says: 'Nothing was scanned by 11:00 on a working day.'
    severity: 2
    every: 'PT30M'
    window: 'P1D'
    query: loadTextContent('../queries/alert-nothing-scanned.kql')
  }
]

resource metricAlert 'Microsoft.Insights/metricAlerts@2018-03-01' = [for alert in onMetric: {
  name: '${prefix}-${alert.name}'
  location: 'global'
  tags: tags
  properties: {
    description: '${alert.says} Runbook: ${runbooks}#${alert.name}'
    severity: alert.severity
    enabled: true
    autoMitigate: true
    scopes: [
      alert.on
    ]
    evaluationFrequency: 'PT5M'
    windowSize: alert.window
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: alert.name
          metricNamespace: alert.namespace
          metricName: alert.metric
          timeAggregation: alert.aggregation
          operator: 'GreaterThan'
          threshold: alert.threshold
          skipMetricValidation: true
          dimensions: [
            {
              name: alert.by
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
        webHookProperties: {
          runbook: '${runbooks}#${alert.name}'
        }
      }
    ]
  }
}]

resource logAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in onLogs: {
  name: '${prefix}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${prefix}-${alert.name}'
    description: '${alert.says} Runbook: ${runbooks}#${alert.name}'
    severity: alert.severity
    enabled: true
    autoMitigate: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: alert.every
    windowSize: alert.window
    // The tables of a new workspace appear with their first rows; without this the rules could not be made before.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        actionGroupId
      ]
      customProperties: {
        runbook: '${runbooks}#${alert.name}'
      }
    }
  }
}]
