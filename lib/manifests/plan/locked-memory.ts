import { type AddOn, NOTHING } from "./add-on";
import type { BundleContext } from "./bundle-context";

/**
 * RDMA registers memory, which has to be locked. Container runtimes limit that to 8 MiB by default: registering then fails, and
 * NCCL goes over TCP without an error (NVIDIA container toolkit, issue 2037).
 */
export function lockedMemory({ options }: Pick<BundleContext, "options">): AddOn {
  if (options.rdmaResource === null) return NOTHING;
  return {
    objects: [],
    prerequisites: [
      {
        what: "Nodes whose container runtime lets pods lock memory (LimitMEMLOCK=infinity in containerd's unit): with the usual limit RDMA fails to register memory and NCCL goes over TCP in silence. The answer must be infinity:",
        check:
          "kubectl debug node/NODE -it --image=docker.io/library/busybox:1.37 -- chroot /host systemctl show containerd --property=LimitMEMLOCK",
        install: [],
      },
    ],
    notes: [],
  };
}
