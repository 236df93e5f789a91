"""One deployed environment as the doctor finds it: its resources and its settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from infra.rest import Rest
from infra.sign_in import Place
from infra.wait_for_functions import WEB_VERSION

AGAIN = "deploy again (infra/deploy.sh, or azd up): it makes what is missing and changes nothing else"
KINDS = {
    "app": "Microsoft.Web/sites",
    "serviceBus": "Microsoft.ServiceBus/namespaces",
    "recognition": "Microsoft.CognitiveServices/accounts",
    "vault": "Microsoft.KeyVault/vaults",
    "insights": "Microsoft.Insights/components",
    "identity": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "eventTopic": "Microsoft.EventGrid/systemTopics",
    "documents": "Microsoft.Storage/storageAccounts",
    "host": "Microsoft.Storage/storageAccounts",
}


@dataclass(frozen=True)
class Deployed:
    """One environment in a resource group, found by the tags its Bicep files set."""

    arm: Rest
    place: Place
    environment: str = ""

    @cached_property
    def ids(self) -> dict[str, str]:
        """Resource ids by the keys of KINDS; what is not there is left out."""
        query = {"$filter": "tagName eq 'product' and tagValue eq 'podatelna'"}
        found = self.arm.at("2021-04-01").pages(f"{self.place.path}/resources", **query)
        mine = [x for x in found if not self.environment or x.get("tags", {}).get("environment") == self.environment]
        ids: dict[str, str] = {}
        for key, kind in KINDS.items():
            for item in mine:
                part = item.get("tags", {}).get("part", key)
                if item["type"].lower() == kind.lower() and part == key:
                    ids[key] = item["id"]
        return ids

    def name(self, key: str) -> str:
        return self.ids[key].rsplit("/", 1)[-1]

    @cached_property
    def settings(self) -> dict[str, str]:
        answer = self.arm.at(WEB_VERSION).post(f"{self.ids['app']}/config/appsettings/list")
        values: dict[str, str] = answer["properties"]
        return values
