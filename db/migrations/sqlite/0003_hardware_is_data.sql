-- What placing pods and choosing images needs to know of accelerators, and the machines they are sold in. Beside the
-- accelerators, whose rows stay as they were: revisions from before read the first rows of these tables.

CREATE TABLE hardware (
  row_id INTEGER PRIMARY KEY,
  accelerator_id TEXT NOT NULL CHECK (accelerator_id <> ''),
  -- lower case: hopper, cdna3
  architecture TEXT,
  maximum_per_machine INTEGER NOT NULL CHECK (maximum_per_machine > 0),
  -- what a pod asks for with each accelerator; NULL = by its memory class
  pod_cpu REAL CHECK (pod_cpu > 0),
  pod_memory_gib REAL CHECK (pod_memory_gib > 0),
  host_architecture TEXT NOT NULL CHECK (host_architecture IN ('amd64', 'arm64')),
  nvlink_rack INTEGER NOT NULL CHECK (nvlink_rack IN (0, 1)),
  -- devices of one accelerator, as Kubernetes and as a server counts them
  kubernetes_devices INTEGER NOT NULL CHECK (kubernetes_devices > 0),
  server_devices INTEGER NOT NULL CHECK (server_devices > 0),
  compute_capability TEXT,
  product_name TEXT,
  -- separated by ';'
  pci_device_ids TEXT NOT NULL,
  karpenter_name TEXT,
  karpenter_memory_mib INTEGER CHECK (karpenter_memory_mib > 0),
  -- vendor;family;model
  cpu_model TEXT,
  socket_threads INTEGER CHECK (socket_threads > 0),
  -- on light;on dark
  colour TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX hardware_live ON hardware (accelerator_id) WHERE left_in_revision IS NULL;

CREATE TABLE machine (
  row_id INTEGER PRIMARY KEY,
  -- as prices name the provider
  seller TEXT NOT NULL CHECK (seller <> ''),
  machine_type TEXT NOT NULL CHECK (machine_type <> ''),
  accelerator_id TEXT NOT NULL,
  accelerator_count INTEGER NOT NULL CHECK (accelerator_count > 0),
  cpu REAL NOT NULL CHECK (cpu > 0),
  memory_gib REAL NOT NULL CHECK (memory_gib > 0),
  source TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('shipped', 'user')),
  added_in_revision INTEGER NOT NULL REFERENCES revision (id),
  left_in_revision INTEGER REFERENCES revision (id) CHECK (left_in_revision > added_in_revision)
) STRICT;
CREATE UNIQUE INDEX machine_live ON machine (seller, machine_type) WHERE left_in_revision IS NULL;

CREATE TRIGGER hardware_is_append_only BEFORE UPDATE OF
  row_id, accelerator_id, architecture, maximum_per_machine, pod_cpu, pod_memory_gib, host_architecture, nvlink_rack,
  kubernetes_devices, server_devices, compute_capability, product_name, pci_device_ids, karpenter_name,
  karpenter_memory_mib, cpu_model, socket_threads, colour, origin, added_in_revision
ON hardware
BEGIN SELECT RAISE(ABORT, 'hardware is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER hardware_leaves_once BEFORE UPDATE OF left_in_revision ON hardware WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'hardware is append-only: only left_in_revision may be set, once'); END;

CREATE TRIGGER machine_is_append_only BEFORE UPDATE OF
  row_id, seller, machine_type, accelerator_id, accelerator_count, cpu, memory_gib, source, origin, added_in_revision
ON machine
BEGIN SELECT RAISE(ABORT, 'machine is append-only: only left_in_revision may be set, once'); END;
CREATE TRIGGER machine_leaves_once BEFORE UPDATE OF left_in_revision ON machine WHEN OLD.left_in_revision IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'machine is append-only: only left_in_revision may be set, once'); END;
