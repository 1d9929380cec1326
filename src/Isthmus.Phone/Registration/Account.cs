// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>An account of a running phone.</summary>
public sealed class Account
{
    private readonly StateLog<RegistrationState> _log = new();

    /// <param name="context">The phone.</param>
    /// <param name="options">What it is made from.</param>
    /// <exception cref="ArgumentException">Its address is not one of a SIP user.</exception>
    internal Account(PhoneContext context, AccountOptions options)
    {
        Options = options;
        Uri = SipUri.TryParse(options.Address, out var uri) && uri.User is not null ? uri
            : throw new ArgumentException($"'{options.Address}' is not an address such as sip:alice@example.com");
        InstanceId = options.InstanceId ?? $"urn:uuid:{Guid.NewGuid()}";
        Agents = options.Mode switch
        {
            RegistrationMode.Both => [Agent(IpVersion.V6, IpVersions.V6), Agent(IpVersion.V4, IpVersions.V4)],
            RegistrationMode.OneRequest => [Agent(RequestVersion(), IpVersions.Both)],
            RegistrationMode.Ipv4 => [Agent(IpVersion.V4, IpVersions.V4)],
            RegistrationMode.Ipv6 => [Agent(IpVersion.V6, IpVersions.V6)],
            _ => [],
        };

        RegistrationAgent Agent(IpVersion version, IpVersions contacts) => new(context, this, version, contacts);

        IpVersion RequestVersion() => options.RequestVersion
            ?? context.Options.Prefer
            ?? (options.Servers.Any(server => server.Version == IpVersion.V6) ? IpVersion.V6 : IpVersion.V4);
    }

    /// <summary>What it was made from.</summary>
    public AccountOptions Options { get; }

    /// <summary>The address-of-record.</summary>
    public string Address => Options.Address;

    /// <summary>The <c>+sip.instance</c> that its bindings carry (RFC 5626 §4.1).</summary>
    public string InstanceId { get; }

    /// <summary>The registrations that its mode asks for, as they stand now.</summary>
    public IReadOnlyList<RegistrationState> Registrations => [.. Agents.Select(a => a.State)];

    /// <summary>The registration that is carried by <paramref name="version"/>, as it stands now; null if the mode has none.</summary>
    public RegistrationState? this[IpVersion version] => Agents.FirstOrDefault(a => a.Version == version)?.State;

    /// <summary>The versions by which the account can be called now.</summary>
    public IpVersions RegisteredVersions
    {
        get
        {
            var versions = IpVersions.None;
            foreach (var agent in Agents)
            {
                versions |= agent.State.Bound;
            }

            return versions;
        }
    }

    internal SipUri Uri { get; }

    internal IReadOnlyList<RegistrationAgent> Agents { get; }

    /// <summary>What happened to the registrations so far (the last 256 changes), and then what happens, until the phone is disposed.</summary>
    public IAsyncEnumerable<RegistrationState> RegistrationStates(CancellationToken cancellationToken = default) => _log.Follow(cancellationToken);

    internal void Changed(RegistrationState state) => _log.Add(state);

    internal void Close() => _log.Close();
}
