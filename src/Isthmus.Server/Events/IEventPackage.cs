// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>
/// An event package (RFC 6665 §5): whose state there is, who may see it, and how it is written. All members are pure and may be called by any thread. One class
/// and one line in <see cref="EventPackages.Of"/> make a package.
/// </summary>
internal interface IEventPackage
{
    /// <summary>The name in Event, such as <c>presence</c>.</summary>
    string Name { get; }

    /// <summary>The media type of its documents.</summary>
    string ContentType { get; }

    /// <summary>Where its state comes from. What comes from elsewhere is announced by <see cref="EventHub.Changed(string, string)"/>.</summary>
    StateSources Sources { get; }

    /// <summary>Whether someone may watch a resource.</summary>
    Access Decide(in WatchQuestion question);

    /// <summary>
    /// The whole state of a resource. It depends on nothing else: two equal states give equal octets, of which watchers hear once, and the state of a
    /// user of whom nothing is known looks like that of a user who is not there. For what may be too long: <see cref="ResourceState.ComposeBy"/>.
    /// </summary>
    StateDocument Compose(ResourceState state);

    /// <summary>Reads what a PUBLISH brings (RFC 3903). Only for packages with <see cref="StateSources.Publications"/>.</summary>
    /// <param name="body">The body, of <see cref="ContentType"/>; never empty.</param>
    /// <param name="problem">Why it is refused, fit for a reason phrase.</param>
    /// <returns>What <see cref="Publication.State"/> will be; null: it is refused, with 400.</returns>
    object? ReadPublished(ReadOnlySpan<byte> body, out string? problem)
    {
        problem = "Nothing Can Be Published Here";
        return null;
    }
}
