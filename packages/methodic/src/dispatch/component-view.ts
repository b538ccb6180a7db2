import type { AuthInfo } from "../context/auth-info.ts";
import type { ComponentView, RequestView } from "../context/request-view.ts";
import type { Component } from "../registry/component.ts";
import { isRecord } from "../util/record.ts";

/** A component of any kind. */
interface ViewedComponent extends Component {
  readonly description: { readonly title?: string; readonly annotations?: object; readonly _meta?: object };
}

const views = new WeakMap<Component, ComponentView>();

/** Returns a component as the server's options see it: always the same object, and frozen. */
export function viewOf(component: ViewedComponent): ComponentView {
  const known = views.get(component);
  if (known) return known;
  const { id, name, tags, version, description } = component;
  const { title, annotations, _meta } = description;
  const view: ComponentView = Object.freeze({
    kind: id.kind,
    name,
    uri: id.kind === "resource" ? id.name : undefined,
    title,
    version,
    tags,
    annotations: freezeCopy(annotations) as ComponentView["annotations"],
    meta: freezeCopy(_meta) as ComponentView["meta"],
  });
  views.set(component, view);
  return view;
}

/** Copies JSON, so that no filter changes what clients see. */
function freezeCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(freezeCopy));
  if (!isRecord(value)) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, freezeCopy(item)])));
}

/**
 * Creates the view of a request. Its HTTP request is read on demand, because that copies headers.
 */
export function createRequestView(auth: AuthInfo | undefined, facts: Omit<RequestView, "auth">): RequestView {
  const { era, protocolVersion, client, session } = facts;
  return Object.freeze({
    auth,
    era,
    protocolVersion,
    client,
    session,
    get http() {
      return facts.http;
    },
  });
}
