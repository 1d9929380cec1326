// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Reflection;
using Isthmus.Sip;

namespace Isthmus.Lab;

/// <summary>Kamailio as the server of a domain: a registrar and a relay to the servers that DNS names, with the routing that its package comes with.</summary>
internal sealed class KamailioServerProgram(LabStage stage, LabDomain domain, string host) : ServerProgram(stage, host)
{
    public const string Name = "kamailio";
    public const string Package = "kamailio";

    public override string Title => "kamailio, registrar and relay";

    public static string? Tool => ToolBox.Find(Name);

    protected override async Task<IReadOnlyList<string>> PrepareAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, "kamailio.cfg");
        await File.WriteAllTextAsync(file, Configuration(), cancellation);
        return [Tool ?? throw new LabException(ToolBox.Missing(Name, Package)), "-DD", "-E", "-f", file, "-Y", folder, "-w", folder, "-P", Path.Combine(folder, "pid")];
    }

    private string Configuration()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("kamailio.cfg")!);
        IEnumerable<string> listeners = from address in Host.Addresses
                                        from transport in (string[])["udp", "tcp"]
                                        select $"listen={transport}:{new IPEndPoint(address, Port)}";
        return reader.ReadToEnd()
            .Replace("{domain}", domain.Name, StringComparison.Ordinal)
            .Replace("{ipv6}", Host.Has.Has(IpVersion.V6) ? "yes" : "no", StringComparison.Ordinal)
            .Replace("{listeners}", string.Join('\n', listeners), StringComparison.Ordinal);
    }
}
