// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// linphonec as a terminal of one IP version, for what is no call: it writes, watches its friends, one by one or by one subscription to a list of them (RFC 4662, 5367),
/// and publishes its presence.
/// </summary>
internal sealed class LinphoneTerminal(LabStage stage, TerminalRole role) : ITerminalProgram
{
    public const string Tool = "linphonec";

    private RunningProgram? _program;

    public bool RegistersAtStart => true;

    public IpVersions RegistersOn => Version.AsSet;

    public bool HasEnded => _program is { HasExited: true };

    public bool ChangesWhatItPublishes => false;

    private IpVersion Version => role.Plan.Has.Single ?? (role.Plan.Mode == RegistrationMode.Ipv4 ? IpVersion.V4 : IpVersion.V6);

    public async Task StartAsync(CancellationToken cancellation)
    {
        string folder = stage.FolderOf(role.Plan.Name), file = Path.Combine(folder, "linphonerc");
        Directory.CreateDirectory(Path.Combine(folder, ".local/share/linphone"));
        Directory.CreateDirectory(Path.Combine(folder, ".config"));
        await File.WriteAllTextAsync(file, Configuration(), cancellation);
        _program = stage.Start(
            role.Plan.Name,
            ["env", $"HOME={folder}", $"XDG_CONFIG_HOME={folder}/.config", $"XDG_DATA_HOME={folder}/.local/share", ToolBox.Find(Tool) ?? Tool, "-c", file, "-S"],
            folder);
    }

    public async Task<string?> SendAsync(SipMethod method, string uri, CancellationToken cancellation)
    {
        if (method == SipMethod.Message)
        {
            await TypeAsync($"chat {uri} Grüße von linphone");
        }
        else if (method == SipMethod.Subscribe && role.Listed is null) // its list it watches since it was started
        {
            await TypeAsync($"friend add friend {uri}");
        }

        return null;
    }

    public Task CallAsync(string uri, CancellationToken cancellation) => TypeAsync($"call {uri}");

    public Task RejectAsync() => TypeAsync("terminate");

    public Task HangUpAsync() => TypeAsync("terminate");

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await TypeAsync("quit");
            await _program.DisposeAsync();
        }
    }

    private Task TypeAsync(string line) => _program?.TypeAsync(line) ?? Task.CompletedTask;

    // Without ipv6_migration_done it turns IPv6 on by itself, whatever use_ipv6 says.
    private string Configuration()
    {
        string server = $"sip:{new IPEndPoint(stage.Plan.Host(stage.Plan.HomeOf(role.Plan).Server).AddressOf(Version)!, ServerProgram.Port)};transport={role.Transport.UriToken}";
        string list = role.Listed is null ? "" : $"\nrls_uri={role.Contact}";
        string friend = role.Listed is { } member ? $"[friend_0]\nurl=<{member}>\npol=accept\nsubscribe=1\n" : role.Watcher is { } watcher ? $"[friend_0]\nurl=<{watcher}>\npol=accept\nsubscribe=0\n" : ""; // whom it knows may watch it
        return $"""
            [sip]
            sip_port={ServerProgram.Port}
            sip_tcp_port={ServerProgram.Port}
            sip_tls_port=-1
            use_ipv6={(Version == IpVersion.V6 ? 1 : 0)}
            ipv6_migration_done=1
            guess_hostname=1
            register_only_when_network_is_up=0
            contact=<{stage.Plan.AddressOfRecord(role.Plan)}>
            default_proxy=0
            media_encryption=none{list}
            [net]
            nat_policy_ref=none
            friendlist_subscription_enabled=1
            [nat_policy_0]
            ref=none
            [video]
            enabled=0
            display=0
            capture=0
            automatically_initiate=0
            automatically_accept=0
            [proxy_0]
            reg_proxy=<{server}>
            reg_route=<{server};lr>
            reg_identity={stage.Plan.AddressOfRecord(role.Plan)}
            reg_expires=300
            reg_sendregister=1
            publish={(role.Publishes ? 1 : 0)}
            nat_policy_ref=none
            {friend}
            """;
    }
}
