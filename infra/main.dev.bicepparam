// A place to try things: little of everything, nothing locked. Copy this file for another environment.
using 'main.bicep'

param environmentName = 'dev'
param location = 'westeurope'
param alertEmails = [
  'podatelna-skusobna@banskabystrica.example'
]
param monthlyBudget = 100
param operatorsGroupId = readEnvironmentVariable('PODATELNA_OPERATORS_GROUP_ID', '')
param deskClientId = readEnvironmentVariable('PODATELNA_DESK_CLIENT_ID', '')
param scannerPrincipalId = readEnvironmentVariable('PODATELNA_SCANNER_PRINCIPAL_ID', '')
param lockData = false
param redundancy = 'Standard_LRS'
param recoveryDays = 7
param logRetentionDays = 30
