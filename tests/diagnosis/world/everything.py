"""Every family, entered by importing the modules that draw them."""

from tests.diagnosis.world import absences as absences
from tests.diagnosis.world import ends as ends
from tests.diagnosis.world import guilty_dynos as guilty_dynos
from tests.diagnosis.world import innocents as innocents
from tests.diagnosis.world import jobs as jobs
from tests.diagnosis.world import memories as memories
from tests.diagnosis.world import obvious as obvious
from tests.diagnosis.world import overloads as overloads
from tests.diagnosis.world import troubles_over as troubles_over
