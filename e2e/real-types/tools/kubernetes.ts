import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { ConfigMap, Container, Pod, Service } from "kubernetes-types/core/v1.js";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class KubernetesTools {
  /** Applies a deployment. */
  @tool() applyDeployment(deployment: Deployment): void {}

  /** Applies a service. */
  @tool() applyService(service: Service): void {}

  /** Applies a config map. */
  @tool() applyConfigMap(map: ConfigMap): void {}

  /** Checks a container. */
  @tool() checkContainer(container: Container): void {}

  /** Returns a pod. */
  @tool() getPod(): Pod {
    return recorded();
  }
}
