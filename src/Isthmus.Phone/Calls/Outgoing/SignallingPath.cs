// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>A way by which an INVITE can leave.</summary>
/// <param name="Target">Where it is sent.</param>
/// <param name="Route">The route that the registrar asked for (RFC 3608), often empty.</param>
internal sealed record SignallingPath(Target Target, IReadOnlyList<NameAddr> Route)
{
    public IpVersion Version => Target.EndPoint.Address.Version;

    /// <summary>Whether only DNS can say where a call goes: without a server, to a domain.</summary>
    public static bool IsToBeLocated(AnyUri uri, Account? account) => account?.Options.Servers.Count is null or 0 && uri is SipUri { Host.IsName: true };

    /// <summary>What it means that there is no way to <paramref name="uri"/>, and nobody to ask for one.</summary>
    public static RequestAnswer Missing(AnyUri uri, Account? account) => account?.Options.Servers.Count is null or 0 && uri is not SipUri { Host.IsName: false }
        ? new RequestAnswer(0, "without a server and without DNS, the host must be an IP address")
        : new RequestAnswer(503, "no way there: the phone has no socket of that IP version");

    /// <summary>Every way to <paramref name="uri"/>: by the account's servers, one for each version by which it is registered (or, where it is by none, has
    /// servers); without servers straight to the address in the URI. IPv6 first.</summary>
    public static IReadOnlyList<SignallingPath> To(AnyUri uri, Account? account, PhoneContext phone)
    {
        if (account is null || account.Options.Servers.Count == 0)
        {
            return uri is SipUri sip && phone.Resolve(sip, null) is { } direct ? [new(direct, [])] : [];
        }

        var paths = new List<SignallingPath>(2);
        var registered = account.RegisteredVersions;
        foreach (var version in new[] { IpVersion.V6, IpVersion.V4 })
        {
            if (!phone.Versions.Has(version) || (registered != IpVersions.None && !registered.Has(version)))
            {
                continue;
            }

            var agent = account.Agents.FirstOrDefault(a => a.Version == version);
            if ((agent?.State.Server ?? account.Options.Servers.FirstOrDefault(s => s.Version == version)) is { } server)
            {
                paths.Add(new(phone.TargetOf(server), agent?.ServiceRoute ?? []));
            }
        }

        return paths;
    }
}
