// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Diagnostics;

/// <summary>The control socket: one line asks, one line of JSON answers. Only its owner may connect (the file is 0600).</summary>
internal sealed partial class ControlServer : IAsyncDisposable
{
    private const int LongestRequest = 4096;
    private const int MostConnections = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly string _path;
    private readonly ControlRequests _requests;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MostConnections);
    private readonly Task _accepting;

    private ControlServer(Socket socket, string path, ControlRequests requests, ILogger logger)
    {
        (_socket, _path, _requests, _logger) = (socket, path, requests, logger);
        _accepting = AcceptAsync();
    }

    /// <summary>Opens the socket. Where that fails the server serves without it, and the log says why.</summary>
    public static ControlServer? Open(string path, ControlRequests requests, ILogger<ControlServer> logger)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            ControlPath.Prepare(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            socket.Listen();
            return new ControlServer(socket, path, requests, logger);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            NotOpened(logger, path, exception.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        for (int i = 0; i < MostConnections; i++)
        {
            await _places.WaitAsync().ConfigureAwait(false); // until the last answer is written
        }

        File.Delete(_path);
        _stop.Dispose();
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                Socket connection = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = ServeAsync(connection);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                _places.Release();
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(Patience);
        try
        {
            using (connection)
            {
                byte[] line = new byte[LongestRequest];
                int length = 0;
                while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
                {
                    int read = await connection.ReceiveAsync(line.AsMemory(length), patience.Token).ConfigureAwait(false);
                    if (read == 0)
                    {
                        return;
                    }

                    length += read;
                }

                string request = Encoding.UTF8.GetString(line, 0, length).Trim();
                ControlAnswer told = await _requests.AnswerAsync(request, patience.Token).ConfigureAwait(false);
                byte[] answer = [.. JsonSerializer.SerializeToUtf8Bytes(told, ControlJson.Default.ControlAnswer), (byte)'\n'];
                for (int sent = 0; sent < answer.Length;)
                {
                    sent += await connection.SendAsync(answer.AsMemory(sent), patience.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            AskerLeft(_logger, exception.Message);
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage(3210, LogLevel.Warning, "No control socket at {Path}, 'isthmus show' will not work: {Problem}")]
    private static partial void NotOpened(ILogger logger, string path, string problem);

    [LoggerMessage(3211, LogLevel.Debug, "A control connection ended early: {Problem}")]
    private static partial void AskerLeft(ILogger logger, string problem);
}
