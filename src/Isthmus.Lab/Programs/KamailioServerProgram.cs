// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Reflection;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>
/// Kamailio as the server of a domain: a registrar and a relay to the servers that DNS names, with the routing that its package comes with; and a presence server.
/// </summary>
internal sealed class KamailioServerProgram(LabStage stage, LabDomain domain, string host, bool servesPresence) : ServerProgram(stage, host)
{
    public const string Name = "kamailio";
    public const string Package = "kamailio";
    public const string PresencePackage = "kamailio-presence-modules";

    private const string Tables = "/usr/share/kamailio/dbtext/kamailio";

    public override string Title => servesPresence ? "kamailio, registrar, relay and presence server" : "kamailio, registrar and relay";

    public static string? Tool => ToolBox.Find(Name);

    public static bool HasPresence =>
        Directory.Exists("/usr/lib") && Directory.EnumerateDirectories("/usr/lib").Prepend("/usr/lib").Any(folder => File.Exists(Path.Combine(folder, "kamailio/modules/presence.so")));

    protected override async Task<IReadOnlyList<string>> PrepareAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, "kamailio.cfg");
        string database = Path.Combine(folder, "tables");
        if (servesPresence)
        {
            Directory.CreateDirectory(database);
            foreach (string table in (string[])["version", "presentity", "active_watchers", "watchers", "xcap"])
            {
                File.Copy(Path.Combine(Tables, table), Path.Combine(database, table), overwrite: true);
            }
        }

        await File.WriteAllTextAsync(file, Configuration(database), cancellation);
        return [Tool ?? throw new LabException(ToolBox.Missing(Name, Package)), "-DD", "-E", "-f", file, "-Y", folder, "-w", folder, "-P", Path.Combine(folder, "pid")];
    }

    private string Configuration(string database)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("kamailio.cfg")!);
        IEnumerable<string> listeners = from address in Host.Addresses
                                        from transport in (string[])["udp", "tcp"]
                                        select $"listen={transport}:{new IPEndPoint(address, Port)}";
        return reader.ReadToEnd()
            .Replace("{domain}", domain.Name, StringComparison.Ordinal)
            .Replace("{ipv6}", Host.Has.Has(IpVersion.V6) ? "yes" : "no", StringComparison.Ordinal)
            .Replace("{presence}", servesPresence ? "#!define WITH_PRESENCE" : "", StringComparison.Ordinal)
            .Replace("{database}", database, StringComparison.Ordinal)
            .Replace("{listeners}", string.Join('\n', listeners), StringComparison.Ordinal);
    }
}
