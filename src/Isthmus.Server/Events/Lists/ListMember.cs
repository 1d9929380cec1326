// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;

namespace Isthmus.Server.Events;

/// <summary>A member of a list.</summary>
/// <param name="Uri">Its URI as the list has it, which is how the watcher knows it.</param>
/// <param name="Name">Its name for people; null: none.</param>
internal sealed record ListMember(string Uri, string? Name = null)
{
    /// <summary>As a NOTIFY names it.</summary>
    /// <param name="instance">What is told of it; null: nothing else.</param>
    public ListedResource Listed(ResourceInstance? instance) => new(Uri) { Name = Name, Instances = instance is null ? [] : [instance] };
}
