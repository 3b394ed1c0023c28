"""The agent's own client certificate, made on this machine from etcd's CA, whose key every control plane has.

kubeadm's etcd knows no users: any certificate of this CA may read and write every key. One of its own can at least be
told apart in etcd's log, and survives kubeadm's yearly renewal of the others.
"""

import os
import ssl
import subprocess

CA = "/etc/kubernetes/pki/etcd/ca.crt"
CA_KEY = "/etc/kubernetes/pki/etcd/ca.key"
FOLDER = "/var/lib/molly-vip"
CERTIFICATE = f"{FOLDER}/client.crt"
KEY = f"{FOLDER}/client.key"
DAYS = 3650
"""As long as the CA that kubeadm makes."""
LEAST_SECONDS = 365 * 86_400
"""Made anew when it lasts no longer than this."""


class Missing(Exception):
    """There is no certificate, and none can be made yet."""


_context = None


def context():
    """For a connection to etcd, which proves itself by the same CA. Raises Missing."""
    global _context
    if _context is None:
        if not os.path.exists(CERTIFICATE):
            raise Missing(f"no {CERTIFICATE} yet: it is made from {CA}")
        made = ssl.create_default_context(cafile=CA)
        made.load_cert_chain(CERTIFICATE, KEY)
        _context = made
    return _context


def ensure():
    """Makes the certificate if there is none that lasts. Returns whether there is one now.

    Never while the VIP is held by a lease: a forked child would share the address's device for a moment.
    """
    global _context
    if not os.path.exists(CA_KEY):
        return os.path.exists(CERTIFICATE)
    if _lasts():
        return True
    _context = None
    os.makedirs(FOLDER, mode=0o700, exist_ok=True)
    request = f"{FOLDER}/client.csr"
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=molly-vip",
             "-keyout", KEY, "-out", request)
    _openssl("x509", "-req", "-in", request, "-CA", CA, "-CAkey", CA_KEY, "-days", str(DAYS),
             "-extfile", _extensions(), "-out", CERTIFICATE + ".new")
    os.replace(CERTIFICATE + ".new", CERTIFICATE)
    return True


def _lasts():
    if not os.path.exists(CERTIFICATE):
        return False
    by_this_ca = _runs("verify", "-CAfile", CA, CERTIFICATE)
    return by_this_ca and _runs("x509", "-checkend", str(LEAST_SECONDS), "-noout", "-in", CERTIFICATE)


def _extensions():
    path = f"{FOLDER}/client.ext"
    with open(path, "w", encoding="ascii") as file:
        file.write("keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n")
    return path


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, umask=0o077)
    if done.returncode != 0:
        raise Missing(f"`openssl {arguments[0]}` failed: {done.stderr.strip()}")


def _runs(*arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False).returncode == 0
