// SPDX-License-Identifier: Apache-2.0
using System.Reflection;

namespace Isthmus.Load;

/// <summary>Kamailio as it is fastest: one worker for each socket, and the allocator tlsf.</summary>
internal sealed class KamailioServer : ServerUnderTest
{
    private const string SharedMegabytes = "4096";
    private const string ProcessMegabytes = "32";
    private const string EmptyTables = "/usr/share/kamailio/dbtext/kamailio";

    private KamailioServer(ServerProcess process, ServerSettings settings)
        : base("Kamailio", process, settings)
    {
    }

    /// <summary>Starts it, and installs it before where it is missing.</summary>
    /// <exception cref="LoadException">It cannot be installed.</exception>
    public static KamailioServer Start(ServerSettings settings)
    {
        if (Find() is null || (settings.WithPresence && !HasPresence()))
        {
            new DebianPackages().Install("kamailio", "kamailio-presence-modules");
        }

        string program = Find() ?? throw new LoadException("Kamailio is not where Debian puts it");
        string folder = Directory.CreateTempSubdirectory("load-kamailio-").FullName;
        string file = Path.Combine(folder, "kamailio.cfg");
        File.WriteAllText(file, Configuration(settings, folder));
        if (settings.WithPresence)
        {
            CopyTables(folder);
        }

        ServerProcess process = ServerProcess.Start(
            folder,
            settings.Processors,
            [program, "-DD", "-E", "-f", file, "-Y", folder, "-w", folder, "-P", Path.Combine(folder, "pid"), "-m", SharedMegabytes, "-M", ProcessMegabytes, "-x", "tlsf"],
            new Dictionary<string, string>());
        return new KamailioServer(process, settings);
    }

    /// <summary>The configuration for these settings.</summary>
    /// <param name="settings">How to run it.</param>
    /// <param name="folder">Where its tables are; it reads them once.</param>
    public static string Configuration(ServerSettings settings, string folder)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("kamailio.cfg")!);
        string[] transports = settings.IsTcp ? ["udp", "tcp"] : ["udp"];
        IEnumerable<string> listeners = from transport in transports from address in (string[])["127.0.0.1", "[::1]"] select $"listen={transport}:{address}:{settings.Port}";
        return reader.ReadToEnd()
            .Replace("#!KAMAILIO", settings.WithPresence ? "#!KAMAILIO\n#!define PRESENCE" : "#!KAMAILIO", StringComparison.Ordinal)
            .Replace("{tables}", folder, StringComparison.Ordinal)
            .Replace("{disable-tcp}", settings.IsTcp ? "no" : "yes", StringComparison.Ordinal)
            .Replace("{listeners}", string.Join('\n', listeners), StringComparison.Ordinal);
    }

    // The presence module asks for a data base, though all is in memory.
    private static void CopyTables(string folder)
    {
        foreach (string table in Directory.EnumerateFiles(EmptyTables))
        {
            File.Copy(table, Path.Combine(folder, Path.GetFileName(table)));
        }
    }

    private static bool HasPresence() => Directory.EnumerateDirectories("/usr/lib").Any(folder => File.Exists(Path.Combine(folder, "kamailio/modules/presence.so")));

    private static string? Find() =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin".Split(':').Select(folder => Path.Combine(folder, "kamailio")).FirstOrDefault(File.Exists);
}
