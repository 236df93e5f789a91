// The city's documents: scans, what is made of them, and the ledger. The functions' own storage is apart
// (host-storage.bicep), so that the host's wide role does not reach here.

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

@description('Containers to make.')
param containers array

@description('Tables of the ledger.')
param tables array

@description('Container that Event Grid puts undeliverable events in.')
param undeliveredContainer string

@description('Last day of a blob, in days since it was written, by container; a backstop behind the retention timer.')
param retentionDays object

@description('How long deleted blobs and old versions can be brought back, in days.')
@minValue(7)
@maxValue(365)
param recoveryDays int

@description('Whether only private endpoints and trusted Azure services may reach the account.')
param privateNetworking bool

@description('Public SSH key of the scanner; not empty turns SFTP on (and blob versions off, which SFTP excludes).')
param scannerSshPublicKey string

@description('Whether Defender scans every uploaded blob for malware.')
param malwareScanning bool

@description('Gigabytes a month that Defender scans at most.')
@minValue(1)
param malwareScanGigabytes int

@description('Whether the account is locked against deletion.')
param lockData bool

@description('Workspace that diagnostics go to.')
param workspaceId string

var sftp = !empty(scannerSshPublicKey)

var expiry = [for item in items(retentionDays): {
  name: 'expire-${item.key}'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: {
      blobTypes: [
        'blockBlob'
      ]
      prefixMatch: [
        '${item.key}/'
      ]
    }
    actions: {
      baseBlob: {
        delete: {
          daysAfterModificationGreaterThan: item.value
        }
      }
    }
  }
}]

var oldVersions = {
  name: 'expire-old-versions'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: {
      blobTypes: [
        'blockBlob'
      ]
    }
    actions: {
      version: {
        delete: {
          daysAfterCreationGreaterThan: recoveryDays
        }
      }
    }
  }
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  // checkov:skip=CKV_AZURE_35:closed by the parameter privateNetworking; without it every call still needs an Entra token
  // checkov:skip=CKV_AZURE_59:trusted services (Event Grid dead letters) need the public endpoint, closed to all others
  // checkov:skip=CKV_AZURE_206:replication is a parameter; production sets Standard_ZRS (the data must stay in the region)
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
    isHnsEnabled: sftp
    isSftpEnabled: sftp
    isLocalUserEnabled: sftp
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: {
          enabled: true
          keyType: 'Account'
        }
        queue: {
          enabled: true
          keyType: 'Account'
        }
        table: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: !sftp
    deleteRetentionPolicy: {
      enabled: true
      days: recoveryDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: recoveryDays
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [for item in containers: {
  parent: blobs
  name: item
  properties: {
    publicAccess: 'None'
  }
}]

resource undelivered 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: undeliveredContainer
  properties: {
    publicAccess: 'None'
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource poisonQueue 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = {
  parent: queues
  name: 'webjobs-blobtrigger-poison'
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [for item in tables: {
  parent: tableService
  name: item
}]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: concat(expiry, sftp ? [] : [oldVersions])
    }
  }
  dependsOn: [
    blobs
  ]
}

resource scanner 'Microsoft.Storage/storageAccounts/localUsers@2024-01-01' = if (sftp) {
  parent: account
  name: 'scanner'
  properties: {
    homeDirectory: 'scans'
    hasSharedKey: false
    hasSshPassword: false
    hasSshKey: true
    sshAuthorizedKeys: [
      {
        description: 'scanner'
        key: scannerSshPublicKey
      }
    ]
    // c: create, w: write. No r, l, d: the scanner cannot read back, list or delete what it dropped.
    permissionScopes: [
      {
        service: 'blob'
        resourceName: 'scans'
        permissions: 'cw'
      }
    ]
  }
  dependsOn: [
    container
  ]
}

resource defender 'Microsoft.Security/defenderForStorageSettings@2025-01-01' = if (malwareScanning) {
  scope: account
  name: 'current'
  properties: {
    isEnabled: true
    overrideSubscriptionLevelSettings: true
    malwareScanning: {
      onUpload: {
        isEnabled: true
        capGBPerMonth: malwareScanGigabytes
      }
    }
    sensitiveDataDiscovery: {
      isEnabled: false
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (lockData) {
  scope: account
  name: 'keep-documents'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the scans and the ledger. Remove this lock only after both were exported (docs/operations.md).'
  }
}

// Diagnostic settings have no stable API version that knows workspaces and category groups; all of Azure uses this one.
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

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

@description('Resource id of the account.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Address of Blob Storage.')
output blobUri string = account.properties.primaryEndpoints.blob

@description('Address of Queue Storage.')
output queueUri string = account.properties.primaryEndpoints.queue

@description('Address of Table Storage.')
output tableUri string = account.properties.primaryEndpoints.table
