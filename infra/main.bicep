// The whole mailroom, phase one: everything except the event subscription, which can exist only once the code is there
// (events.bicep, phase two). Deployed by deploy.sh or azd; see docs/deployment.md. Only modules here: resources and what
// protects them stand in modules/, in a subset of Bicep that checkov can read.
targetScope = 'resourceGroup'

@description('Short name of the environment, such as dev or prod: lower-case letters and digits.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Region. Personal data stay in the European Union, and every service used is offered there.')
@allowed([
  'francecentral'
  'germanywestcentral'
  'northeurope'
  'swedencentral'
  'westeurope'
])
param location string

@description('Addresses that alerts and the budget are mailed to.')
@minLength(1)
param alertEmails array

@description('Euros (the currency of the subscription) a month, after which the budget warns.')
@minValue(1)
param monthlyBudget int

@description('First day of the budget\'s first month, as yyyy-MM-01.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Object id of the Entra group of people who operate the mailroom; empty gives nobody anything.')
param operatorsGroupId string = ''

@description('Application (client) id of the desk\'s app registration, made by infra/grant_microsoft365.py; empty keeps the desk closed.')
param deskClientId string = ''

@description('Object id of the identity the scanner uploads with; empty when it uses SFTP.')
param scannerPrincipalId string = ''

@description('Public SSH key of the scanner; not empty turns SFTP on. Decide before the first deployment: Azure cannot change it later.')
param scannerSshPublicKey string = ''

@description('Name of an Event Grid system topic that the documents\' storage already has; empty makes one.')
param existingEventTopic string = ''

@description('Whether services are reached through private endpoints only (Service Bus becomes Premium, which costs much more).')
param privateNetworking bool = false

@description('Address space of the virtual network (/24 or larger), when networking is private.')
param networkAddressSpace string = '10.60.0.0/24'

@description('Networks in CIDR form that may open the review desk, when networking is private.')
param staffNetworks array = []

@description('Whether Defender scans every uploaded file for malware (paid by the gigabyte).')
param malwareScanning bool = false

@description('Gigabytes a month that Defender scans at most.')
@minValue(1)
param malwareScanGigabytes int = 50

@description('Whether documents and webhooks are locked against deletion.')
param lockData bool

@description('Replication of the documents.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param redundancy string

@description('Days after which a blob is deleted at the latest, by container: a backstop behind the retention timer, so longer than it.')
param retentionDays object = {
  scans: 730
  documents: 730
  delivered: 730
  extracted: 730
  quarantine: 730
  blanks: 730
  previews: 365
  corrections: 730
  'undelivered-events': 90
}

@description('How long deleted blobs and old versions can be brought back, in days.')
@minValue(7)
@maxValue(365)
param recoveryDays int = 30

@description('How long telemetry is kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Minutes within which a scanned document should be delivered; alerts follow it.')
@minValue(10)
param deliveryMinutes int = 30

@description('Python the functions run on.')
@allowed([
  '3.11'
  '3.12'
  '3.13'
])
param pythonVersion string = '3.11'

@description('Memory of an instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemory int = 2048

@description('Instances kept warm for the blob trigger.')
@minValue(0)
@maxValue(5)
param alwaysReady int = 0

@description('Instances at most; 40 is the least the platform takes.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Whether instances are spread over zones; not every region offers it, and the host\'s storage must be ZRS.')
param zoneRedundant bool = false

@description('Address of the runbooks, before the # of a heading.')
param runbooks string = 'docs/operations.md'

var city = loadYamlContent('../config/departments.yaml')
var suffix = take(uniqueString(subscription().id, resourceGroup().id, environmentName), 6)
var name = 'podatelna-${environmentName}-${suffix}'
var vaultName = 'kv-${environmentName}-${suffix}'
var tags = {
  product: 'podatelna'
  environment: environmentName
}

var containers = [
  'scans'
  'documents'
  'delivered'
  'extracted'
  'quarantine'
  'blanks'
  'previews'
  'corrections'
]
var tables = [
  'documents'
  'sources'
  'claims'
  'turns'
  'signatures'
]
var queues = [
  'intake'
  'recognize'
  'classify'
  'given-up'
]
var packageContainer = 'package'
var undeliveredContainer = 'undelivered-events'

// One setting per department that has a Teams channel; the secret's value comes later, from infra/set_webhooks.py.
var withTeams = filter(city.departments, department => contains(department.channels, 'teams'))
var webhooks = toObject(
  withTeams,
  department => 'TEAMS_WEBHOOK_${toUpper(replace(department.id, '-', '_'))}',
  department => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=teams-webhook-${department.id})'
)

var privateServices = [
  {
    name: 'blob'
    id: storage.outputs.id
    group: 'blob'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
  {
    name: 'queue'
    id: storage.outputs.id
    group: 'queue'
    zone: 'privatelink.queue.${environment().suffixes.storage}'
  }
  {
    name: 'table'
    id: storage.outputs.id
    group: 'table'
    zone: 'privatelink.table.${environment().suffixes.storage}'
  }
  {
    name: 'host-blob'
    id: hostStorage.outputs.id
    group: 'blob'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
  {
    name: 'host-queue'
    id: hostStorage.outputs.id
    group: 'queue'
    zone: 'privatelink.queue.${environment().suffixes.storage}'
  }
  {
    name: 'host-table'
    id: hostStorage.outputs.id
    group: 'table'
    zone: 'privatelink.table.${environment().suffixes.storage}'
  }
  {
    name: 'service-bus'
    id: serviceBus.outputs.id
    group: 'namespace'
    zone: 'privatelink.servicebus.windows.net'
  }
  {
    name: 'recognition'
    id: recognition.outputs.id
    group: 'account'
    zone: 'privatelink.cognitiveservices.azure.com'
  }
  {
    name: 'vault'
    id: vault.outputs.id
    group: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
]

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-${name}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: 'log-${name}'
    insightsName: 'appi-${name}'
    actionGroupName: 'ag-${name}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
    alertEmails: alertEmails
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: 'stpod${environmentName}${suffix}'
    location: location
    tags: union(tags, {
      part: 'documents'
    })
    redundancy: redundancy
    containers: containers
    tables: tables
    undeliveredContainer: undeliveredContainer
    retentionDays: retentionDays
    recoveryDays: recoveryDays
    privateNetworking: privateNetworking
    scannerSshPublicKey: scannerSshPublicKey
    malwareScanning: malwareScanning
    malwareScanGigabytes: malwareScanGigabytes
    lockData: lockData
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  params: {
    name: 'sthost${environmentName}${suffix}'
    location: location
    tags: union(tags, {
      part: 'host'
    })
    redundancy: redundancy == 'Standard_LRS' ? 'Standard_LRS' : 'Standard_ZRS'
    packageContainer: packageContainer
    privateNetworking: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  params: {
    name: 'sb-${name}'
    location: location
    tags: tags
    departments: city.departments
    channels: city.channels
    queues: queues
    privateNetworking: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module recognition 'modules/recognition.bicep' = {
  name: 'recognition'
  params: {
    name: 'di-${name}'
    location: location
    tags: tags
    privateNetworking: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  params: {
    name: vaultName
    location: location
    tags: tags
    privateNetworking: privateNetworking
    lockData: lockData
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'network'
  params: {
    name: 'vnet-${name}'
    location: location
    tags: tags
    addressSpace: networkAddressSpace
    functionsPrefix: cidrSubnet(networkAddressSpace, 26, 0)
    endpointsPrefix: cidrSubnet(networkAddressSpace, 26, 1)
    services: privateServices
  }
}

module eventTopic 'modules/event-topic.bicep' = {
  name: 'event-topic'
  params: {
    name: 'evgt-${name}'
    existingName: existingEventTopic
    location: location
    tags: tags
    storageId: storage.outputs.id
    workspaceId: monitoring.outputs.workspaceId
  }
}

// Before the app, so that its first start already finds its storage open.
module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    appPrincipalId: identity.outputs.principalId
    eventTopicPrincipalId: eventTopic.outputs.principalId
    operatorsGroupId: operatorsGroupId
    scannerPrincipalId: scannerPrincipalId
    documentStorageName: storage.outputs.name
    hostStorageName: hostStorage.outputs.name
    undeliveredContainer: undeliveredContainer
    serviceBusName: serviceBus.outputs.name
    recognitionName: recognition.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  params: {
    name: 'func-${name}'
    planName: 'plan-${name}'
    location: location
    tags: tags
    pythonVersion: pythonVersion
    instanceMemory: instanceMemory
    alwaysReady: alwaysReady
    maximumInstances: maximumInstances
    zoneRedundant: zoneRedundant
    identity: {
      id: identity.outputs.id
      clientId: identity.outputs.clientId
    }
    hostStorage: {
      blobUri: hostStorage.outputs.blobUri
      queueUri: hostStorage.outputs.queueUri
      tableUri: hostStorage.outputs.tableUri
      packageContainer: packageContainer
    }
    documentStorage: {
      blobUri: storage.outputs.blobUri
      queueUri: storage.outputs.queueUri
      tableUri: storage.outputs.tableUri
    }
    serviceBusHostName: serviceBus.outputs.hostName
    recognitionEndpoint: recognition.outputs.endpoint
    insightsAddress: monitoring.outputs.insightsAddress
    webhooks: webhooks
    deskClientId: deskClientId
    subnetId: privateNetworking ? network!.outputs.functionsSubnetId : ''
    staffNetworks: staffNetworks
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [
    roles
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    prefix: 'podatelna-${environmentName}'
    location: location
    tags: tags
    actionGroupId: monitoring.outputs.actionGroupId
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    eventTopicId: eventTopic.outputs.id
    recognitionId: recognition.outputs.id
    deliveryMinutes: deliveryMinutes
    runbooks: runbooks
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = {
  name: 'budget'
  params: {
    name: 'budget-${name}'
    amount: monthlyBudget
    start: budgetStart
    emails: alertEmails
  }
}

@description('Name of the function app.')
output FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Address of the review desk.')
output REVIEW_DESK_URL string = functionApp.outputs.deskUrl

@description('Name of the storage account of the documents.')
output STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('Name of the Service Bus namespace.')
output SERVICE_BUS_NAME string = serviceBus.outputs.name

@description('Name of the Document Intelligence account.')
output RECOGNITION_NAME string = recognition.outputs.name

@description('Name of the Key Vault.')
output KEY_VAULT_NAME string = vault.outputs.name

@description('Name of the Event Grid system topic.')
output EVENT_TOPIC_NAME string = eventTopic.outputs.name

@description('Name of the identity the functions run as.')
output IDENTITY_NAME string = identity.outputs.name

@description('Application (client) id of that identity.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Object id of that identity.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
