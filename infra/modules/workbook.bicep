// The workbook "Podateľňa". Every panel's query is a file in ../queries.

@description('Region.')
param location string

@description('Tags on every resource.')
param tags object

@description('Workspace the queries run on.')
param workspaceId string

// style: table, barchart, linechart, areachart, tiles (see the workbook's own names for visualizations).
var panels = [
  {
    title: 'Dnes: čo prišlo a kde to je'
    style: 'tiles'
    query: loadTextContent('../queries/flow.kql')
  }
  {
    title: 'Čaká: najstarší nedoručený dokument podľa kroku (minúty)'
    style: 'linechart'
    query: loadTextContent('../queries/waiting.kql')
  }
  {
    title: 'Od naskenovania po kartu (minúty; medián a 95. percentil)'
    style: 'linechart'
    query: loadTextContent('../queries/scan-to-card.kql')
  }
  {
    title: 'Trvanie krokov (sekundy)'
    style: 'table'
    query: loadTextContent('../queries/stages.kql')
  }
  {
    title: 'Dokumenty podľa oddelenia'
    style: 'barchart'
    query: loadTextContent('../queries/departments.kql')
  }
  {
    title: 'Istota triedenia'
    style: 'barchart'
    query: loadTextContent('../queries/confidence.kql')
  }
  {
    title: 'Náklady na rozpoznávanie textu (strany a eurá za deň)'
    style: 'barchart'
    query: loadTextContent('../queries/recognition-cost.kql')
  }
  {
    title: 'Zlyhania a opakované pokusy'
    style: 'table'
    query: loadTextContent('../queries/failures.kql')
  }
  {
    title: 'Najpomalšie dokumenty'
    style: 'table'
    query: loadTextContent('../queries/slowest.kql')
  }
]

var timeRange = {
  type: 9
  name: 'timeRange'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    parameters: [
      {
        id: guid(resourceGroup().id, 'time-range')
        version: 'KqlParameterItem/1.0'
        name: 'TimeRange'
        label: 'Obdobie'
        type: 4
        isRequired: true
        value: {
          durationMs: 604800000
        }
        typeSettings: {
          selectableValues: [
            {
              durationMs: 86400000
            }
            {
              durationMs: 604800000
            }
            {
              durationMs: 2592000000
            }
          ]
          allowCustom: true
        }
      }
    ]
  }
}

var queryItems = [for (panel, index) in panels: {
  type: 3
  name: 'panel-${index}'
  content: {
    version: 'KqlItem/1.0'
    title: panel.title
    query: panel.query
    size: 0
    timeContextFromParameter: 'TimeRange'
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    visualization: panel.style
  }
}]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'podatelna')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Podateľňa'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([timeRange], queryItems)
      fallbackResourceIds: [
        workspaceId
      ]
    })
  }
}
