"""Composes the app: the mailroom and the blueprints of its triggers, nothing else."""

import azure.functions as func

from functions.classification import classification_blueprint
from functions.delivery import delivery_blueprint
from functions.intake import intake_blueprint
from functions.maintenance import maintenance_blueprint
from functions.recognition import recognition_blueprint
from functions.review import review_blueprint
from shared.bootstrap import open_mailroom

mailroom = open_mailroom()
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)  # Easy Auth stands before the review desk
for blueprint in (
    intake_blueprint,
    recognition_blueprint,
    classification_blueprint,
    delivery_blueprint,
    review_blueprint,
    maintenance_blueprint,
):
    app.register_functions(blueprint(mailroom))
