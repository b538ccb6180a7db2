import type { PackageValues } from "../packages.ts";

const container = {
  name: "nginx",
  image: "nginx:1.14.2",
  ports: [{ containerPort: 80 }],
  resources: { limits: { memory: "128Mi", cpu: "500m" } },
};
const metadata = { name: "nginx-deployment", labels: { app: "nginx" } };

export const kubernetes: PackageValues = {
  applyDeployment: {
    accepted: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: "nginx" } },
          template: { metadata, spec: { containers: [container] } },
        },
      },
    ],
    refused: [
      [{ kind: "Pod" }, "deployment.kind"],
      [
        { spec: { selector: {}, template: { spec: { containers: [{ image: "nginx" }] } } } },
        "deployment.spec.template.spec.containers[0].name",
      ],
    ],
  },
  applyService: {
    accepted: [
      { kind: "Service", metadata, spec: { selector: { app: "nginx" }, ports: [{ port: 80, targetPort: "http" }] } },
    ],
    refused: [[{ spec: { ports: [{ port: "http" }] } }, "service.spec.ports[0].port"]],
  },
  applyConfigMap: {
    accepted: [{ kind: "ConfigMap", metadata, data: { "game.properties": "lives=3" }, immutable: true }],
    refused: [[{ data: { lives: 3 } }, "map.data.lives"]],
  },
  checkContainer: {
    accepted: [container, { name: "x", livenessProbe: { httpGet: { path: "/healthz", port: 8080 } } }],
    refused: [[{ image: "nginx" }, "container.name"]],
  },
  getPod: {
    accepted: [{ kind: "Pod", metadata, spec: { containers: [container] }, status: { phase: "Running" } }],
    refused: [[{ spec: {} }, "spec.containers"]],
  },
};
