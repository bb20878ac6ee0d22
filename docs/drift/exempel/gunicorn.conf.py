# Portföljkartan med egna inställningar av gunicorn. Behövs bara om miljövariablerna inte räcker: "portfoljkartan serve"
# startar gunicorn med samma inställningar utan den här filen.
#
#   .venv/bin/python -m gunicorn -c docs/drift/exempel/gunicorn.conf.py
#
# Det som inte nämns här är som i tracker/cli/running_gunicorn.py (processer, trådar, tider, loggar, mätvärden).
from tracker.cli.running_gunicorn import *  # noqa: F403

# Så länge får en process stå helt still innan den startas om. Gäller inte enskilda frågor: att stänga en period tar
# minuter och stör ingen.
timeout = 180
# Högst så här många väntar på en ledig process innan de avvisas.
backlog = 512
