/* SPDX-License-Identifier: MIT */
/* A module of Python's with a liburing inside, as its wheels are built. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <liburing.h>

static PyObject *wait(PyObject *self, PyObject *args)
{
	struct __kernel_timespec ts = { .tv_nsec = 1000000 };
	struct io_uring_cqe *cqe;
	struct io_uring ring;
	int n, i, ret = 0;

	(void)self;
	if (!PyArg_ParseTuple(args, "i", &n))
		return NULL;
	ret = io_uring_queue_init(4, &ring, 0);
	if (ret)
		return PyLong_FromLong(ret);
	for (i = 0; i < n; i++)
		ret = io_uring_wait_cqe_timeout(&ring, &cqe, &ts);
	io_uring_queue_exit(&ring);
	return PyLong_FromLong(ret);
}

static PyMethodDef methods[] = { { "wait", wait, METH_VARARGS, NULL }, { 0 } };
static struct PyModuleDef definition = { PyModuleDef_HEAD_INIT, .m_name = "ringmodule",
					 .m_size = -1, .m_methods = methods };

PyMODINIT_FUNC PyInit_ringmodule(void)
{
	return PyModule_Create(&definition);
}
