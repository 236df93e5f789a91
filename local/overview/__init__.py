"""The overview ("Prehľad") and each document's story, drawn from the ledger: what the workbook shows in Azure."""

from local.overview.routes import overview_routes

__all__ = ["overview_routes"]
