// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Diagnostics;

namespace Isthmus.Server;

/// <summary>Fills in where a server that was started as a command keeps its things.</summary>
public static class DefaultPaths
{
    /// <summary>The options with a store and a control socket where none were chosen.</summary>
    public static ServerOptions WithDefaultPaths(this ServerOptions options) => options with
    {
        Store = options.Store with { Path = options.Store.Path ?? StorePath },
        Control = options.Control with { Socket = options.Control.Socket ?? ControlPath.Default },
    };

    // systemd gives a list where a unit has several state directories; the first is ours.
    private static string StorePath => Path.Combine(Environment.GetEnvironmentVariable("STATE_DIRECTORY")?.Split(':')[0] ?? "", "isthmus.db");
}
