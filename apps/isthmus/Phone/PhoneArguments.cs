// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;
using ParseResult = System.CommandLine.ParseResult;

namespace Isthmus.App.Phone;

/// <summary>The options that every `isthmus phone` command has, and the phone that they describe.</summary>
internal sealed class PhoneArguments
{
    private readonly Option<string[]> _account = new("--account", "-a") { Description = "address of record, such as sip:alice@example.com; may be given several times", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _server = new("--server", "-s") { Description = "registrar and outbound proxy: a name (what DNS says of it: NAPTR, SRV, addresses), or an address of either IP version, such as 192.0.2.1, [2001:db8::1]:5070 or 192.0.2.1;transport=tcp; may be given several times (default: the account's domain)" };
    private readonly Option<string> _mode = OneOf("--mode", "how to register: both (one REGISTER a version), one-request (both addresses in one), ipv4, ipv6", "both", "both", "one-request", "ipv4", "ipv6");
    private readonly Option<string?> _prefer = new("--prefer") { Description = "IP version to call by: 4 or 6 (default: the version of the signalling path, IPv6 first)" };
    private readonly Option<string> _transport = OneOf("--transport", "udp, tcp, or one for each version as 4=udp,6=tcp", "udp");
    private readonly Option<IPAddress?> _ipv4 = AddressOption("--ipv4-address", IpVersion.V4);
    private readonly Option<IPAddress?> _ipv6 = AddressOption("--ipv6-address", IpVersion.V6);
    private readonly Option<int> _port = new("--port") { Description = "local SIP port on both versions; 0 picks a free one", DefaultValueFactory = _ => 0 };
    private readonly Option<string> _rtpPorts = new("--rtp-ports") { Description = "range of ports for media, such as 10000-19999", DefaultValueFactory = _ => "10000-19999" };
    private readonly Option<int> _expires = new("--expires") { Description = "seconds that a registration asks to live", DefaultValueFactory = _ => 3600 };
    private readonly Option<string> _play = new("--play") { Description = "what the other side hears: silence, tone:FREQUENCY in Hz, or a WAV file", DefaultValueFactory = _ => "silence" };
    private readonly Option<string?> _record = new("--record") { Description = "WAV file for what is heard" };
    private readonly Option<bool> _json = new("--json") { Description = "one JSON object a line instead of text" };

    public PhoneArguments()
    {
        _prefer.AcceptOnlyFromAmong("4", "6");
        _port.Validators.Add(result => Within(result, 0, 65535));
        _expires.Validators.Add(result => Within(result, 1, int.MaxValue));
        _rtpPorts.Validators.Add(result => Complain(result, TryPorts(result.GetValueOrDefault<string>() ?? "", out _) ? null : "expected two ports such as 10000-19999"));
        _transport.Validators.Add(result => Complain(result, TryTransports(result.GetValueOrDefault<string>() ?? "", out _, out _) ? null : "expected udp, tcp, or one for each version as 4=udp,6=tcp"));
        _account.Validators.Add(result => Complain(result, (result.GetValueOrDefault<string[]>() ?? []).FirstOrDefault(text => !SipUri.TryParse(text, out SipUri? uri) || uri.User is null) is { } bad
            ? $"'{bad}' is not an address such as sip:alice@example.com" : null));
        _server.Validators.Add(result => Complain(result, (result.GetValueOrDefault<string[]>() ?? []).FirstOrDefault(text => !ServerAddress.TryParse(text, out _) && !HostPort.TryParse(text, out _)) is { } bad
            ? $"'{bad}' is not a name or an address such as sip.example.com, 192.0.2.1, [2001:db8::1]:5070 or 192.0.2.1;transport=tcp" : null));
        _play.Validators.Add(result => Complain(result, CallSound.Check(result.GetValueOrDefault<string>() ?? "")));
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_account, _server, _mode, _prefer, _transport, _ipv4, _ipv6, _port, _rtpPorts, _expires, _play, _record, _json])
        {
            command.Options.Add(option);
        }
    }

    public CallSound Sound(ParseResult parsed) => new(parsed.GetValue(_play)!, parsed.GetValue(_record));

    public async Task<PhoneOptions> PhoneAsync(ParseResult parsed, AnswerPolicy answer, CancellationToken cancellation)
    {
        _ = TryTransports(parsed.GetValue(_transport)!, out SipTransport v4, out SipTransport v6);
        _ = TryPorts(parsed.GetValue(_rtpPorts)!, out PortRange ports);
        RegistrationMode mode = parsed.GetValue(_mode) switch { "one-request" => RegistrationMode.OneRequest, "ipv4" => RegistrationMode.Ipv4, "ipv6" => RegistrationMode.Ipv6, _ => RegistrationMode.Both };
        int port = parsed.GetValue(_port);
        var accounts = new List<AccountOptions>();
        foreach (string address in parsed.GetValue(_account) ?? [])
        {
            accounts.Add(new AccountOptions
            {
                Address = address,
                Mode = mode,
                Servers = await ServersAsync(parsed, address, v4, v6, cancellation),
                Expires = TimeSpan.FromSeconds(parsed.GetValue(_expires)),
            });
        }

        return new PhoneOptions
        {
            Accounts = accounts,
            Prefer = parsed.GetValue(_prefer) switch { "4" => IpVersion.V4, "6" => IpVersion.V6, _ => null },
            Ipv4Transport = v4,
            Ipv6Transport = v6,
            Ipv4Address = parsed.GetValue(_ipv4),
            Ipv6Address = parsed.GetValue(_ipv6),
            Ipv4Port = port,
            Ipv6Port = port,
            RtpPorts = ports,
            Answer = answer,
            Audio = Sound(parsed),
        };
    }

    private async Task<IReadOnlyList<ServerAddress>> ServersAsync(ParseResult parsed, string account, SipTransport v4, SipTransport v6, CancellationToken cancellation)
    {
        string[] given = parsed.GetValue(_server) ?? [];
        if (given.Length == 0)
        {
            return SipUri.TryParse(account, out SipUri? uri) ? await NamedServers.FindAsync(uri.HostPort, v4, v6, cancellation) : [];
        }

        var servers = new List<ServerAddress>();
        foreach (string text in given)
        {
            if (ServerAddress.TryParse(text, out ServerAddress? server))
            {
                servers.Add(server);
            }
            else if (HostPort.TryParse(text, out HostPort name))
            {
                servers.AddRange(await NamedServers.FindAsync(name, v4, v6, cancellation));
            }
        }

        return servers;
    }

    private static Option<IPAddress?> AddressOption(string name, IpVersion version) => new(name)
    {
        Description = $"local {version.DisplayName} address for signalling and media (default: the one that routing picks)",
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address) && address.Version == version)
            {
                return address;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is not an {version.DisplayName} address");
            return null;
        },
    };

    private static Option<string> OneOf(string name, string description, string standard, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => standard };
        return values.Length == 0 ? option : option.AcceptOnlyFromAmong(values);
    }

    private static void Within(OptionResult result, int least, int most)
    {
        if (result.Errors.Any() || result.Tokens.Count == 0 || !int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int value))
        {
            return;
        }

        Complain(result, value >= least && value <= most ? null : $"expected a number from {least} to {most}");
    }

    private static void Complain(OptionResult result, string? fault)
    {
        if (fault is not null)
        {
            result.AddError($"{result.Option.Name}: {fault}");
        }
    }

    private static bool TryPorts(string text, out PortRange ports)
    {
        string[] ends = text.Split('-');
        ports = PortRange.Default;
        if (ends.Length != 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
        {
            return false;
        }

        ports = new PortRange(first, last);
        return ports.IsValid;
    }

    private static bool TryTransports(string text, out SipTransport v4, out SipTransport v6)
    {
        v4 = v6 = SipTransport.Udp;
        if (SipTransportOperations.TryParse(text, out SipTransport both))
        {
            v4 = v6 = both;
            return IsServed(both);
        }

        foreach (string part in text.Split(','))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || sides[0] is not ("4" or "6") || !SipTransportOperations.TryParse(sides[1], out SipTransport transport) || !IsServed(transport))
            {
                return false;
            }

            (v4, v6) = sides[0] == "4" ? (transport, v6) : (v4, transport);
        }

        return true;
    }

    private static bool IsServed(SipTransport transport) => transport is SipTransport.Udp or SipTransport.Tcp;
}
