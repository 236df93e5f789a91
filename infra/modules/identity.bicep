// The one identity the functions run as; it signs in everywhere, so nothing needs a key.

@description('Name of the user-assigned identity.')
param name string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Name of the identity.')
output name string = identity.name

@description('Application (client) id: what AZURE_CLIENT_ID holds.')
output clientId string = identity.properties.clientId

@description('Object id: what roles and site permissions are given to.')
output principalId string = identity.properties.principalId
