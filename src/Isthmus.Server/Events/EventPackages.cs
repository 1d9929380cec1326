// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Server.Messaging;

namespace Isthmus.Server.Events;

/// <summary>The packages that this server serves itself.</summary>
internal sealed class EventPackages
{
    private readonly (byte[] Name, IEventPackage Package)[] _packages;

    public EventPackages(IEnumerable<IEventPackage> packages)
    {
        _packages = [.. packages.Select(package => (Encoding.ASCII.GetBytes(package.Name), package))];
        All = [.. _packages.Select(named => named.Package)];

        // RFC 6665 §4.4.4: template packages are not listed.
        AllowEvents = string.Join(", ", All.Select(package => package.Name).Where(name => !name.Contains('.', StringComparison.Ordinal)));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<IEventPackage> All { get; }

    /// <summary>The value of Allow-Events; empty where nothing is served.</summary>
    public string AllowEvents { get; }

    /// <summary>The packages of a server that is configured like that: adding one is a line here.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="rules">Who may watch whom.</param>
    /// <param name="kept">Knows which messages are kept for whom; null: none are.</param>
    public static EventPackages Of(ServerOptions options, WatchRules rules, IWaitingMessages? kept) => new(!options.Presence.Serve ? [] :
    [
        new PresencePackage(options.Presence, rules),
        new WatcherInfoPackage("presence"),
        new DialogPackage(),
        new MessageSummaryPackage(kept),
        new RegistrationPackage(),
    ]);

    /// <summary>The package of that name (RFC 6665 §8.2.1: names are compared as they are written); null when it is not served here.</summary>
    public IEventPackage? Find(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, IEventPackage package) in _packages)
        {
            if (name.SequenceEqual(known))
            {
                return package;
            }
        }

        return null;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public IEventPackage? Find(string name) => All.FirstOrDefault(package => package.Name == name);
}
