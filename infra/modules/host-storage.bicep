// What the Functions host itself needs: the deployed package, leases, the blob trigger's inner queue. No documents.

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Replication of the data.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param redundancy string

@description('Container the package is deployed to.')
param packageContainer string

@description('Whether only private endpoints and trusted Azure services may reach the account.')
param privateNetworking bool

@description('Workspace that diagnostics go to.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // checkov:skip=CKV_AZURE_35:closed by the parameter privateNetworking; without it every call still needs an Entra token
  // checkov:skip=CKV_AZURE_59:the deployment service reaches the package through the public endpoint, closed to all others
  // checkov:skip=CKV_AZURE_206:holds only the package and the host's leases, which a deployment makes anew
  // checkov:skip=CKV_AZURE_43:the name comes from the parameter, checked for length and letters in main.bicep
  name: name
  location: location
  tags: tags
  sku: {
    name: redundancy
  }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource package 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: packageContainer
  properties: {
    publicAccess: 'None'
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// See storage.bicep on this API version.
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queues
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
    ]
  }
}

@description('Name of the account.')
output name string = account.name

@description('Resource id of the account.')
output id string = account.id

@description('Address of Blob Storage.')
output blobUri string = account.properties.primaryEndpoints.blob

@description('Address of Queue Storage.')
output queueUri string = account.properties.primaryEndpoints.queue

@description('Address of Table Storage.')
output tableUri string = account.properties.primaryEndpoints.table
