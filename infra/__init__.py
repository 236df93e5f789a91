"""What turns an empty Azure resource group into a running mailroom: Bicep files and the scripts around them."""
