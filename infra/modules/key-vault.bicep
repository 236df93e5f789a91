// Holds the addresses of the Teams workflows, which are secrets. Their values come by infra/set_webhooks.py.

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Whether only private endpoints and trusted Azure services may reach the vault.')
param privateNetworking bool

@description('Whether the vault is locked against deletion.')
param lockData bool

@description('Workspace that diagnostics go to.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  // checkov:skip=CKV_AZURE_109:closed by the parameter privateNetworking; without it every call still needs an Entra token
  // checkov:skip=CKV_AZURE_189:closed by the parameter privateNetworking; the app reaches it through its network
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockData) {
  scope: vault
  name: 'keep-webhooks'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the addresses of the Teams workflows.'
  }
}

// See storage.bicep on this API version.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

@description('Name of the vault.')
output name string = vault.name

@description('Resource id of the vault.')
output id string = vault.id
