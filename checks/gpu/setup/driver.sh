# Sourced by checks that a device of the host is for: goes on in a mount namespace, in which an NVIDIA driver seems to
# be there, as what the probe looks for is seen by the script's processes alone.
if [ "${1-}" != inside ]; then
  unshare -m true 2>/dev/null || fail "no mount namespace can be made; run this as root, outside of a container"
  exec unshare -m "$here/$(basename "$0")" inside
fi
mount -t tmpfs none /proc/driver
mkdir /proc/driver/nvidia
touch /proc/driver/nvidia/version
