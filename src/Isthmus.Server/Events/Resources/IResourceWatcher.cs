// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>Hears that a resource may have changed.</summary>
internal interface IResourceWatcher
{
    /// <summary>Something has happened to a resource that it watches. From any thread; it looks at the document when it has use for it (<see cref="ResourceWatch.Current"/>).</summary>
    void ResourceChanged(ResourceWatch watch);

    /// <summary>As the user that it watches may see it; null: it is not there yet or any more.</summary>
    WatcherEntry? AsWatcher(Access access);
}
