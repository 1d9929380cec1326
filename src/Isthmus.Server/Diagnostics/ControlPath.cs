// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus.Server.Diagnostics;

/// <summary>Where the control socket is, and what must be out of its way.</summary>
internal static class ControlPath
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary><c>control.sock</c> in $RUNTIME_DIRECTORY (systemd), else in <c>/tmp/isthmus-UID</c>.</summary>
    public static string Default => Path.Combine(
        Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY")?.Split(':')[0] is { Length: > 0 } runtime
            ? runtime
            : Path.Combine(Path.GetTempPath(), $"isthmus-{UserId()}"),
        "control.sock");

    /// <summary>Makes the folder (0700) and takes away the socket of a server that is gone.</summary>
    /// <exception cref="IOException">Somebody answers there, or the folder is not one of ours.</exception>
    public static void Prepare(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder) && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }

        // In /tmp anybody could have made the folder first, to put a socket of his own there.
        if (path == Default && !OperatingSystem.IsWindows() && folder.StartsWith(Path.GetTempPath(), StringComparison.Ordinal)
            && (new DirectoryInfo(folder).LinkTarget is not null || (File.GetUnixFileMode(folder) & ~OwnerOnly) != 0))
        {
            throw new IOException($"{folder} is open to others");
        }

        if (!File.Exists(path))
        {
            return;
        }

        if (new FileInfo(path).Length > 0)
        {
            throw new IOException("there is a file of that name that is no socket");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new IOException("another server answers there");
    }

    private static uint UserId() => OperatingSystem.IsWindows() ? 0 : GetEffectiveUserId();

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUserId();
}
