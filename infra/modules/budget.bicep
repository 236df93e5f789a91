// Mails when the month's cost comes near the budget, and when it is forecast to pass it.

@description('Name of the budget.')
param name string

@description('Euros (the currency of the subscription) a month.')
@minValue(1)
param amount int

@description('First day of the first month, as yyyy-MM-01.')
param start string

@description('Addresses to mail.')
param emails array

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: start
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
      }
      forecast: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 110
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}
