// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Our server, from a folder that it was built into.</summary>
internal sealed class IsthmusServer : ServerUnderTest
{
    private const string ControlSocket = "control.sock";

    private readonly string _folder;

    private IsthmusServer(string name, ServerProcess process, ServerSettings settings, string folder)
        : base(name, process, settings) => _folder = folder;

    protected override RuntimeFigures? Runtime => RuntimeFigures.Ask(Path.Combine(_folder, ControlSocket));

    /// <param name="name">As the tables name it.</param>
    /// <param name="build">The folder with the program, or a checkout in which it was built.</param>
    /// <param name="settings">How to run it.</param>
    /// <exception cref="LoadException">There is none.</exception>
    public static IsthmusServer Start(string name, string build, ServerSettings settings)
    {
        string program = Find(build);
        string folder = Directory.CreateTempSubdirectory("load-isthmus-").FullName;
        string file = Path.Combine(folder, "isthmus.toml");
        File.WriteAllText(file, Configuration(settings));
        return new IsthmusServer(name, ServerProcess.Start(folder, settings.Processors, [program, "serve", "--config", file], settings.Environment), settings, folder);
    }

    /// <summary>The configuration for these settings.</summary>
    public static string Configuration(ServerSettings settings)
    {
        var listeners = from transport in settings.IsTcp ? (string[])["udp", "tcp"] : ["udp"]
                        from address in (string[])["127.0.0.1", "::1"]
                        select $"""
                            [[listeners]]
                            transport = "{transport}"
                            address = "{address}"
                            port = {settings.Port}

                            """;
        return $"""
            judge = "{settings.Judge}"
            log-level = "warning"

            [[domains]]
            name = "{Surroundings.Domain}"

            {string.Join('\n', listeners)}
            [presence]
            serve = {(settings.WithPresence ? "true" : "false")}
            believe-everybody = true
            notify-interval = 0

            [limits]
            bindings = 2000000
            transactions = 2000000
            calls = 2000000
            subscriptions = 2000000
            publications = 2000000

            [store]
            path = "{(settings.IsDurable ? "isthmus.db" : ":memory:")}"

            [control]
            socket = "{ControlSocket}"

            """;
    }

    private static string Find(string build)
    {
        string[] places = [Path.Combine(build, "isthmus"), Path.Combine(build, "apps/isthmus/bin/Release/net10.0/isthmus")];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists)
            ?? throw new LoadException($"There is no built server in {Path.GetFullPath(build)}; build it with: dotnet build -c Release apps/isthmus");
    }
}
