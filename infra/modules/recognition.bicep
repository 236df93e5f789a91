// Document Intelligence. Sign-in with Entra ID works only through a custom subdomain.

@description('Name of the account, and its subdomain.')
@minLength(2)
@maxLength(64)
param name string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Whether only private endpoints may reach the account.')
param privateNetworking bool

@description('Workspace that diagnostics go to.')
param workspaceId string

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_134:closed by the parameter privateNetworking; without it every call still needs an Entra token
  name: name
  location: location
  tags: tags
  kind: 'FormRecognizer'
  identity: {
    type: 'SystemAssigned'
  }
  // Never F0: the free tier reads the first two pages of a document and says nothing about the rest.
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    // Pages are sent as bytes, so the account has no reason to fetch anything.
    restrictOutboundNetworkAccess: true
    allowedFqdnList: []
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
  }
}

// See storage.bicep on this API version. RequestResponse logs hold no content of documents.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'Audit'
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

@description('Name of the account.')
output name string = account.name

@description('Resource id of the account.')
output id string = account.id

@description('Address with the custom subdomain.')
output endpoint string = account.properties.endpoint
