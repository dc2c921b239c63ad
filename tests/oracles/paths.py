# SPDX-License-Identifier: MIT
"""Where setup.sh put what it installed."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.environ.get("SIGMAC_ORACLES") or os.path.join(HERE, "..", "..", "build", "oracles")
