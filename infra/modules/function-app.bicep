// The function app on Flex Consumption, its settings, and the sign-in in front of the review desk.

@description('Name of the function app.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of its plan.')
param planName string

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Python the functions run on.')
@allowed([
  '3.11'
  '3.12'
  '3.13'
])
param pythonVersion string

@description('Memory of an instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemory int

@description('Instances kept warm for the blob trigger, so that the first scan of the day does not wait.')
@minValue(0)
@maxValue(5)
param alwaysReady int

@description('Instances at most; 40 is the least the platform takes.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Whether instances are spread over zones.')
param zoneRedundant bool

@description('Identity the app runs as: id, clientId.')
param identity object

@description('Storage of the host: blobUri, queueUri, tableUri, packageContainer.')
param hostStorage object

@description('Storage of the documents: blobUri, queueUri, tableUri.')
param documentStorage object

@description('Host name of the Service Bus namespace.')
param serviceBusHostName string

@description('Address of Document Intelligence.')
param recognitionEndpoint string

@description('Address telemetry is sent to.')
param insightsAddress string

@description('Key Vault references to the Teams workflows, by the name of the setting.')
param webhooks object

@description('Application (client) id of the desk\'s app registration; empty keeps the desk closed to everybody.')
param deskClientId string

@description('Subnet the app\'s outgoing calls go through; empty without private networking.')
param subnetId string

@description('Networks in CIDR form that may open the review desk when networking is private.')
param staffNetworks array

@description('Workspace that diagnostics go to.')
param workspaceId string

var privateNetworking = !empty(subnetId)

// Document Intelligence S0 takes 15 analyses and 50 polls a second
// (https://learn.microsoft.com/azure/ai-services/document-intelligence/service-limits). A document is under way for 3 s or
// longer (send, wait 2 s, poll), so 40 at once are 13 analyses and 20 polls a second at most.
var documentsAtOnce = 40
var callsPerInstance = max(1, documentsAtOnce / maximumInstances)

var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: hostStorage.blobUri
  AzureWebJobsStorage__queueServiceUri: hostStorage.queueUri
  AzureWebJobsStorage__tableServiceUri: hostStorage.tableUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls: string(callsPerInstance)
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsAddress
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY: 'true'
  // The SDKs' own spans hold blob names; ours hold none, and alerts need every one of them.
  AZURE_TRACING_ENABLED: 'false'
  OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'azure_sdk,requests,urllib,urllib3'
  OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
  OTEL_TRACES_SAMPLER_ARG: '1.0'
}

// The names are those of shared/settings.py; the `__credential` and `__clientId` parts are read by the triggers.
var productSettings = {
  STORAGE__blobServiceUri: documentStorage.blobUri
  STORAGE__queueServiceUri: documentStorage.queueUri
  STORAGE__tableServiceUri: documentStorage.tableUri
  STORAGE__credential: 'managedidentity'
  STORAGE__clientId: identity.clientId
  SERVICEBUS__fullyQualifiedNamespace: serviceBusHostName
  SERVICEBUS__credential: 'managedidentity'
  SERVICEBUS__clientId: identity.clientId
  AZURE_CLIENT_ID: identity.clientId
  OCR_ENGINE: 'document-intelligence'
  OCR_WORKERS: '2'
  OCR_POLL_SECONDS: '2'
  OCR_EUROS_PER_PAGE: '0.00139'
  DOCUMENT_INTELLIGENCE_ENDPOINT: recognitionEndpoint
  GRAPH_ENDPOINT: 'https://graph.microsoft.com/v1.0'
  REVIEW_DESK_URL: 'https://${app.properties.defaultHostName}/api/desk'
  MAX_FILE_BYTES: '314572800'
  MAX_PAGES: '2000'
  MAX_PAGE_PIXELS: '100000000'
  RETRY_BUDGET_HOURS: '24'
  RETRY_FIRST_SECONDS: '5'
  RETRY_LONGEST_SECONDS: '90'
  TELEMETRY: 'host'
}

// The desk signs people in without a client secret: the app's identity is the credential of the app registration.
// https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad
var deskCredential = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
var deskSettings = empty(deskClientId) ? {} : {
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identity.clientId
}

var staffRules = [for (network, index) in staffNetworks: {
  name: 'staff-${index}'
  priority: 200 + index
  action: 'Allow'
  ipAddress: network
}]

var eventGridRule = {
  name: 'event-grid'
  priority: 100
  action: 'Allow'
  tag: 'ServiceTag'
  ipAddress: 'AzureEventGrid'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  // checkov:skip=CKV_AZURE_225:zones are the parameter zoneRedundant, since not every region offers them
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  // checkov:skip=CKV_AZURE_212:Flex Consumption starts and removes instances by itself
  // checkov:skip=CKV_AZURE_213:Flex Consumption takes no health check; podatelna doctor and the alerts watch the app
  // checkov:skip=CKV_AZURE_17:people sign in with Entra ID; a client certificate would lock Event Grid out
  // checkov:skip=CKV_AZURE_222:Event Grid delivers to a public address; narrowed by access rules when networking is private
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'functions'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientCertEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: privateNetworking ? subnetId : null
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: privateNetworking ? 'Deny' : 'Allow'
      ipSecurityRestrictions: privateNetworking ? concat([eventGridRule], staffRules) : []
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.blobUri}${hostStorage.packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'python'
        version: pythonVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady == 0 ? [] : [
          {
            name: 'blob'
            instanceCount: alwaysReady
          }
        ]
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  // The checks below are about web apps and read only this child resource; they are met elsewhere or have no meaning here.
  // checkov:skip=CKV_AZURE_66:Flex Consumption has no failed-request tracing; requests are in Application Insights
  // checkov:skip=CKV_AZURE_63:Flex Consumption has no HTTP log files; requests are in Application Insights
  // checkov:skip=CKV_AZURE_65:detailed error pages would show the inside of the app
  // checkov:skip=CKV_AZURE_80:the app runs Python, on the version of the parameter pythonVersion
  // checkov:skip=CKV_AZURE_88:the app keeps no files; state is in Blob and Table Storage
  // checkov:skip=CKV_AZURE_13:sign-in is set by authsettingsV2 below
  // checkov:skip=CKV_AZURE_222:see the app itself
  parent: app
  name: 'appsettings'
  properties: union(hostSettings, productSettings, deskSettings, webhooks)
}

resource signIn 'Microsoft.Web/sites/config@2024-04-01' = {
  // The checks below are about web apps and read only this child resource; they are met elsewhere or have no meaning here.
  // checkov:skip=CKV_AZURE_66:Flex Consumption has no failed-request tracing; requests are in Application Insights
  // checkov:skip=CKV_AZURE_63:Flex Consumption has no HTTP log files; requests are in Application Insights
  // checkov:skip=CKV_AZURE_65:detailed error pages would show the inside of the app
  // checkov:skip=CKV_AZURE_80:the app runs Python, on the version of the parameter pythonVersion
  // checkov:skip=CKV_AZURE_88:the app keeps no files; state is in Blob and Table Storage
  // checkov:skip=CKV_AZURE_13:sign-in is what this resource sets
  // checkov:skip=CKV_AZURE_222:see the app itself
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: empty(deskClientId) ? 'Return401' : 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      // Event Grid signs in with the extension's system key, not with Entra ID.
      excludedPaths: [
        '/runtime/webhooks/blobs'
        '/runtime/webhooks/*'
      ]
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: !empty(deskClientId)
        registration: {
          clientId: deskClientId
          clientSecretSettingName: empty(deskClientId) ? '' : deskCredential
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: empty(deskClientId) ? [] : [
            deskClientId
            'api://${deskClientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
    httpSettings: {
      requireHttps: true
    }
  }
  dependsOn: [
    settings
  ]
}

resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = [for way in ['ftp', 'scm']: {
  parent: app
  name: way
  properties: {
    allow: false
  }
}]

// See storage.bicep on this API version. The app's own logs reach the workspace through Application Insights.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AppServiceAuthenticationLogs'
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

@description('Name of the function app.')
output name string = app.name

@description('Resource id of the function app.')
output id string = app.id

@description('Address of the review desk.')
output deskUrl string = productSettings.REVIEW_DESK_URL
