from collections import namedtuple
from driver import Process
from machine import Machine
from service import Cleanup, Service
from subject import lease
Parts = namedtuple("Parts", "lease process machine service cleanup")
RIGHT = Parts(lease.Lease, Process, Machine, Service, Cleanup)
