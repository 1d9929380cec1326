// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Messaging;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Messaging;

/// <summary>Alice, who is not registered, writes to Bob, who was there once and is away until a device of his registers: through a whole server in simulated time.</summary>
internal sealed class MessageScene
{
    /// <summary>Where Alice is.</summary>
    public const string AtAlice = "192.0.2.10";

    /// <summary>Where Bob's desk phone is.</summary>
    public const string AtDesk = "2001:db8::20";

    /// <summary>Where Bob's mobile is.</summary>
    public const string AtMobile = "192.0.2.21";

    /// <summary>Bob's address.</summary>
    public const string ToBob = "sip:bob@example.com";

    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    private MessageScene(ServerWorld world) => (World, Alice) = (world, world.Ua("alice", AtAlice));

    /// <summary>The server and its surroundings.</summary>
    public ServerWorld World { get; }

    /// <summary>Where messages wait.</summary>
    public Mailroom Mailroom => World.Mailroom;

    /// <summary>Who writes.</summary>
    public ScriptedUa Alice { get; }

    /// <summary>Plays a scenario.</summary>
    public static void Play(Func<MessageScene, Task> scenario, MessageOptions? messages = null) => Play(scenario, new ServerOptions { Messages = messages ?? new() });

    /// <inheritdoc cref="Play(Func{MessageScene, Task}, MessageOptions?)"/>
    public static void Play(Func<MessageScene, Task> scenario, ServerOptions options) => ServerWorld.Play(
        async world =>
        {
            var scene = new MessageScene(world);
            await scene.WasThere("bob");
            await scenario(scene);
        },
        options,
        Limit);

    /// <summary>Somebody registers and goes again.</summary>
    public async Task WasThere(string user)
    {
        ScriptedUa ua = World.Ua(user, "192.0.2.99");
        await World.Register(ua);
        await World.Register(ua, expires: 0);
    }

    /// <summary>A device of Bob's registers.</summary>
    public async Task<ScriptedUa> Bob(string address = AtDesk, bool tcp = false)
    {
        ScriptedUa bob = World.Ua("bob", address, tcp);
        await World.Register(bob);
        return bob;
    }

    /// <summary>Alice writes to Bob.</summary>
    public RawMessage Write(string body, string headers = "") => Alice.Send(Alice.Request("MESSAGE", ToBob, headers, body));

    /// <summary>Alice writes to Bob, and what she writes is kept.</summary>
    public async Task Keep(params string[] bodies)
    {
        foreach (string body in bodies)
        {
            Write(body);
            await Alice.Expect("202");
        }
    }

    /// <summary>A device takes the next message, which is this one.</summary>
    public async Task Take(ScriptedUa device, string body, TimeSpan? within = null)
    {
        RawMessage message = await device.Expect("MESSAGE", within);
        Assert.Equal(body, message.Body);
        device.Respond(message, 200);
    }

    /// <summary>Nothing waits any more.</summary>
    public Task IsEmpty() => World.World.Until(() => Mailroom.Count == 0);

    /// <summary>Time goes by.</summary>
    public Task Delay(TimeSpan time) => World.World.Delay(time);
}
