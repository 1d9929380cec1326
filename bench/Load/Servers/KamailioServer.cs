// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace Isthmus.Load;

/// <summary>Kamailio as it is fastest: one worker for each socket, and the allocator tlsf.</summary>
internal sealed class KamailioServer : ServerUnderTest
{
    private const string SharedMegabytes = "4096";
    private const string ProcessMegabytes = "32";

    private KamailioServer(ServerProcess process, ServerSettings settings)
        : base("Kamailio", process, settings)
    {
    }

    /// <exception cref="LoadException">It is not installed.</exception>
    public static KamailioServer Start(ServerSettings settings)
    {
        string program = Find() ?? throw new LoadException("Kamailio is not installed; install it with: apt-get install kamailio");
        string folder = Directory.CreateTempSubdirectory("load-kamailio-").FullName;
        string file = Path.Combine(folder, "kamailio.cfg");
        File.WriteAllText(file, Configuration(settings));
        ServerProcess process = ServerProcess.Start(
            folder,
            settings.Processors,
            [program, "-DD", "-E", "-f", file, "-Y", folder, "-w", folder, "-P", Path.Combine(folder, "pid"), "-m", SharedMegabytes, "-M", ProcessMegabytes, "-x", "tlsf"],
            new Dictionary<string, string>());
        return new KamailioServer(process, settings);
    }

    /// <summary>The configuration for these settings.</summary>
    public static string Configuration(ServerSettings settings)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("kamailio.cfg")!);
        string[] transports = settings.IsTcp ? ["udp", "tcp"] : ["udp"];
        IEnumerable<string> listeners = from transport in transports from address in (string[])["127.0.0.1", "[::1]"] select $"listen={transport}:{address}:{settings.Port}";
        return reader.ReadToEnd()
            .Replace("{disable-tcp}", settings.IsTcp ? "no" : "yes", StringComparison.Ordinal)
            .Replace("{listeners}", string.Join('\n', listeners), StringComparison.Ordinal);
    }

    private static string? Find() =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin".Split(':').Select(folder => Path.Combine(folder, "kamailio")).FirstOrDefault(File.Exists);
}
