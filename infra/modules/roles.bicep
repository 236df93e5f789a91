// Every role assignment of the product. `grants` is the whole list: who, which role, on what, and why.

@description('Object id of the identity the functions run as.')
param appPrincipalId string

@description('Object id of the event topic\'s identity.')
param eventTopicPrincipalId string

@description('Object id of the group of people who operate the mailroom; empty gives nobody anything.')
param operatorsGroupId string

@description('Object id of the identity the scanner uploads with; empty when it uses SFTP or a staff sign-in.')
param scannerPrincipalId string

@description('Name of the storage account of the documents.')
param documentStorageName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Container that Event Grid puts undeliverable events in.')
param undeliveredContainer string

@description('Name of the Service Bus namespace.')
param serviceBusName string

@description('Name of the Document Intelligence account.')
param recognitionName string

@description('Name of the Key Vault.')
param vaultName string

@description('Name of the Application Insights component.')
param insightsName string

var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Queue Data Reader': '19e7f393-937e-4f77-808e-94535e297925'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Azure Service Bus Data Owner': '090c5cfd-751d-490a-894a-3ce6f1109419'
  'Cognitive Services User': 'a97b65f3-24c7-4388-baec-2e87135dc908'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
}

var grants = [
  {
    to: 'app'
    role: 'Storage Blob Data Owner'
    on: 'host'
    why: 'The host keeps its package, leases and blob receipts here, and its vendor asks for Owner.'
  }
  {
    to: 'app'
    role: 'Storage Queue Data Contributor'
    on: 'host'
    why: 'The blob trigger puts every event on an inner queue here.'
  }
  {
    to: 'app'
    role: 'Storage Table Data Contributor'
    on: 'host'
    why: 'The host writes its diagnostic events here.'
  }
  {
    to: 'app'
    role: 'Storage Blob Data Contributor'
    on: 'documents'
    why: 'The blob adapter reads scans, writes what is made of them, and deletes what is past its retention.'
  }
  {
    to: 'app'
    role: 'Storage Queue Data Contributor'
    on: 'documents'
    why: 'The host moves a scan that failed five times to the poison queue, and a function reads it from there.'
  }
  {
    to: 'app'
    role: 'Storage Table Data Contributor'
    on: 'documents'
    why: 'The ledger adapter reads and writes the tables.'
  }
  {
    to: 'app'
    role: 'Azure Service Bus Data Owner'
    on: 'serviceBus'
    why: 'Sends and receives; Owner because with Data Receiver alone the scale controller sees no queue length and only peeks.'
  }
  {
    to: 'app'
    role: 'Cognitive Services User'
    on: 'recognition'
    why: 'The Document Intelligence adapter has pages read.'
  }
  {
    to: 'app'
    role: 'Key Vault Secrets User'
    on: 'vault'
    why: 'Settings refer to the addresses of the Teams workflows.'
  }
  {
    to: 'app'
    role: 'Monitoring Metrics Publisher'
    on: 'insights'
    why: 'Telemetry is sent with Entra sign-in.'
  }
  {
    to: 'operators'
    role: 'Storage Blob Data Contributor'
    on: 'documents'
    why: 'Replays and recovery read and write blobs.'
  }
  {
    to: 'operators'
    role: 'Storage Table Data Contributor'
    on: 'documents'
    why: '`podatelna status`, `replay` and `journal` read the ledger and write steps.'
  }
  {
    to: 'operators'
    role: 'Storage Queue Data Reader'
    on: 'documents'
    why: '`podatelna doctor` looks into the poison queue.'
  }
  {
    to: 'operators'
    role: 'Azure Service Bus Data Owner'
    on: 'serviceBus'
    why: '`podatelna replay` reads dead letters and sends messages again.'
  }
  {
    to: 'operators'
    role: 'Key Vault Secrets Officer'
    on: 'vault'
    why: 'infra/set_webhooks.py stores and rotates the addresses of the Teams workflows.'
  }
  {
    to: 'operators'
    role: 'Reader'
    on: 'group'
    why: 'Alerts, the workbook and `podatelna doctor --azure` look at resources.'
  }
  {
    to: 'eventTopic'
    role: 'Storage Blob Data Contributor'
    on: 'undelivered'
    why: 'Event Grid keeps undeliverable events in this one container.'
  }
]

var principals = {
  app: {
    id: appPrincipalId
    type: 'ServicePrincipal'
  }
  eventTopic: {
    id: eventTopicPrincipalId
    type: 'ServicePrincipal'
  }
  operators: {
    id: operatorsGroupId
    type: 'Group'
  }
}

var known = {
  app: true
  eventTopic: true
  operators: !empty(operatorsGroupId)
}

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource documents 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: documentStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource scans 'containers' existing = {
      name: 'scans'
    }

    resource undelivered 'containers' existing = {
      name: undeliveredContainer
    }
  }
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource recognition 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = {
  name: recognitionName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource onHost 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'host' && known[grant.to]) {
  scope: host
  name: guid(host.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onDocuments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'documents' && known[grant.to]) {
  scope: documents
  name: guid(documents.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onUndelivered 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'undelivered' && known[grant.to]) {
  scope: documents::blobs::undelivered
  name: guid(documents::blobs::undelivered.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onServiceBus 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'serviceBus' && known[grant.to]) {
  scope: serviceBus
  name: guid(serviceBus.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onRecognition 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'recognition' && known[grant.to]) {
  scope: recognition
  name: guid(recognition.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'vault' && known[grant.to]) {
  scope: vault
  name: guid(vault.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'insights' && known[grant.to]) {
  scope: insights
  name: guid(insights.id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for grant in grants: if (grant.on == 'group' && known[grant.to]) {
  name: guid(resourceGroup().id, principals[grant.to].id, grant.role)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[grant.role])
    principalId: principals[grant.to].id
    principalType: principals[grant.to].type
    description: grant.why
  }
}]

// No built-in role lets a scanner write without reading or deleting, so this one does, and on one container only.
resource scanUpload 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (!empty(scannerPrincipalId)) {
  name: guid(resourceGroup().id, 'scan-upload')
  properties: {
    roleName: 'Podatelna scan upload (${resourceGroup().name})'
    description: 'May put blobs into a container; may not read, list or delete them.'
    type: 'CustomRole'
    assignableScopes: [
      resourceGroup().id
    ]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
        ]
        notDataActions: []
      }
    ]
  }
}

resource onScans 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(scannerPrincipalId)) {
  scope: documents::blobs::scans
  name: guid(documents::blobs::scans.id, scannerPrincipalId, 'scan-upload')
  properties: {
    roleDefinitionId: scanUpload.id
    principalId: scannerPrincipalId
    principalType: 'ServicePrincipal'
    description: 'The scanner drops scans and can do nothing else.'
  }
}
