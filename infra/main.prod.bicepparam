// The city hall's own mailroom.
using 'main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param alertEmails = [
  'podatelna-prevadzka@banskabystrica.example'
]
param monthlyBudget = 400
param operatorsGroupId = readEnvironmentVariable('PODATELNA_OPERATORS_GROUP_ID', '')
param deskClientId = readEnvironmentVariable('PODATELNA_DESK_CLIENT_ID', '')
param scannerPrincipalId = readEnvironmentVariable('PODATELNA_SCANNER_PRINCIPAL_ID', '')
param lockData = true
param redundancy = 'Standard_ZRS'
param alwaysReady = 1
param instanceMemory = 4096
