const single = ["Name", "Channel", "ChannelArn", "EventDataStore", "EventDataStoreArn", "ResourceArn", "ResourceId"];
const most = 50;

/** The names, ids and ARNs of resources in a control operation's input or output, each cut at 256 characters. */
export function resourcesOf(members: Readonly<Record<string, unknown>>): readonly string[] {
  const found: unknown[] = single.map((name) => members[name]);
  const { ResourceIdList: ids, Destinations: destinations } = members;
  if (Array.isArray(ids)) found.push(...ids.slice(0, most));
  if (Array.isArray(destinations))
    for (const destination of destinations.slice(0, most))
      if (typeof destination === "object" && destination !== null && "Location" in destination)
        found.push(destination.Location);
  const texts = found.filter((value) => typeof value === "string").map((text) => text.slice(0, 256));
  return [...new Set(texts)].slice(0, most);
}
