/** Where ceph-csi's operator installs itself; its drivers' service accounts are there, so its objects are too. */
export const namespace = "ceph-csi-operator-system";

/** The operator takes the kind of driver from this name; it is also what volumes call their provisioner, for ever. */
export const driver = "cephfs.csi.ceph.com";

/** One Ceph cluster and one way into it. Volumes carry the profile's name as their `clusterID`, for ever. */
export const connection = "ceph";
export const profile = "ceph";

/** The Secret that Ceph's client key is in. */
export const secret = "cephfs-client";

/** Keys of the Secret: the older pair is asked for by volumes that are made, the newer by those of given paths. */
export const secretKeys = ["adminID", "adminKey", "userID", "userKey"] as const;
