#!/usr/bin/env bash
# The whole deployment without azd: infra/deploy.sh ENVIRONMENT [--what-if]
# Needs az (signed in), uv, zip, and AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP. Every step may be repeated.
set -euo pipefail

environment="${1:?which environment? infra/deploy.sh dev}"
mode="${2:-}"
: "${AZURE_SUBSCRIPTION_ID:?set it to what \`az account show --query id -o tsv\` prints}"
: "${AZURE_RESOURCE_GROUP:?set it to the resource group of this environment}"
cd "$(dirname "$0")/.."
parameters="infra/main.$environment.bicepparam"
scope=(--subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP")

step() { printf '\n== %s\n' "$1"; }
output() { az deployment group show "${scope[@]}" --name podatelna --query "properties.outputs.$1.value" -o tsv; }

if [[ "$mode" == --what-if ]]; then
  # A reader may ask what would change, so the preflight leaves rights out.
  uv run --no-default-groups --group local python -m infra.preflight "$environment" --offline
  az deployment group what-if "${scope[@]}" --name podatelna --parameters "$parameters"
  exit
fi

step "preflight"
uv run --no-default-groups --group local python -m infra.preflight "$environment"

step "phase one: everything but the event subscription"
az deployment group create "${scope[@]}" --name podatelna --parameters "$parameters" --output none
app="$(output FUNCTION_APP_NAME)"
account="$(output STORAGE_ACCOUNT_NAME)"
vault="$(output KEY_VAULT_NAME)"

step "webhooks"
if [[ -t 0 ]]; then
  uv run --no-default-groups --group local python -m infra.set_webhooks "$vault"
else
  uv run --no-default-groups --group local python -m infra.set_webhooks "$vault" --list-only ||
    echo "some channels get no cards until infra.set_webhooks was run by a person"
fi

step "code"
package="$(mktemp -d)/podatelna.zip"
trap 'rm -rf "$(dirname "$package")"' EXIT
zip -qr "$package" host.json requirements.txt function_app.py functions shared config -x '*__pycache__*'
az functionapp deployment source config-zip "${scope[@]}" --name "$app" --src "$package" --build-remote true --output none

step "waiting for the functions and their key"
uv run --no-default-groups --group local python -m infra.wait_for_functions "$app"

step "phase two: the event subscription"
az deployment group create "${scope[@]}" --name podatelna-events --template-file infra/events.bicep --output none \
  --parameters functionAppName="$app" storageAccountName="$account" eventTopicName="$(output EVENT_TOPIC_NAME)"

step "smoke test"
uv run --no-default-groups --group local python -m infra.smoke_test "$account" || {
  [[ -t 0 ]] || exit 1
  echo "Expected on a first deployment, before Microsoft 365 is ready (docs/deployment.md, step 4)."
}

printf '\nThe review desk: %s\n' "$(output REVIEW_DESK_URL)"
